"""Where a target's code stands: the line that a reviewer is shown, found without importing anything."""

import inspect
import sys
from collections.abc import Container
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Location:
    """A line of a file; `file` is relative to the current directory or, where it lies elsewhere, to its package."""

    file: str
    line: int


def locate(thing: object) -> Location | None:
    """Return where a function, a class or an object's make_memory is defined; None where that is not in Python."""
    try:
        code = _defined(thing)
        file, line = inspect.getsourcefile(code), inspect.getsourcelines(code)[1]
    except (TypeError, OSError):
        return None
    return None if file is None else Location(_relative(Path(file), getattr(code, "__module__", None)), max(line, 1))


def locate_in(thing: object, packages: Container[str]) -> Location | None:
    """Return where it is defined, as `locate` does; None where that is in none of these top-level packages."""
    module = getattr(_defined(thing), "__module__", None)
    return locate(thing) if isinstance(module, str) and module.partition(".")[0] in packages else None


def _defined(thing: object) -> Any:  # noqa: ANN401 - a stranger's object
    """Return the function or the class that the thing was made by."""
    if isinstance(thing, type):
        return thing
    while isinstance(thing, partial):
        thing = thing.func
    thing = inspect.unwrap(thing) if callable(thing) else thing
    thing = getattr(thing, "__func__", thing)
    return thing if inspect.isfunction(thing) or isinstance(thing, type) else type(thing)


def _relative(file: Path, module: str | None) -> str:
    """Return a path that names nobody's machine: the same wherever the project lies."""
    file, here = file.resolve(), Path.cwd().resolve()
    if file.is_relative_to(here):
        return file.relative_to(here).as_posix()
    parts = (module or "").split(".")
    is_package = hasattr(sys.modules.get(module or ""), "__path__")
    return "/".join([*(parts if is_package else parts[:-1]), file.name])
