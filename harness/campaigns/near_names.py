"""Did you mean: a module or a name that lies near the one that there is not."""

import importlib.util
import pkgutil
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from ..performing.contract import FAILURES


def near(name: str, known: Iterable[str], before: str = "", after: str = "") -> str:
    """Return `; did you mean ...?` with the nearest of the known names, nothing where none is near."""
    found = get_close_matches(name, [one for one in known if one[:1] != "_"], n=1)
    return f"; did you mean {before}{found[0]}{after}?" if found else ""


def meant(module: str, missing: str | None, attribute: str) -> str:
    """Return which module may have been meant where one of its name, or of a package above it, is `missing`.

    Looked at is what lies in the folder of that package, of the first part in the current directory; nothing is run
    but the packages above.
    """
    if missing is None or not f"{module}.".startswith(f"{missing}."):
        return ""
    package, _, last = missing.rpartition(".")
    rest = module[len(missing) :]
    return near(last, _in(package), f"{package}." if package else "", f"{rest}:{attribute}")


def _in(package: str) -> list[str]:
    """Return the names of the modules in a package, or in the current directory."""
    folders = [str(Path.cwd())]
    if package:
        try:
            spec = importlib.util.find_spec(package)
        except FAILURES:
            spec = None
        folders = list((spec and spec.submodule_search_locations) or [])
    return [one.name for one in pkgutil.iter_modules(folders)] + _bare(folders)


def _bare(folders: list[str]) -> list[str]:
    """Return folders that are packages without an `__init__`: these hold a module at least."""
    return [
        inside.name
        for folder in map(Path, folders)
        if folder.is_dir()
        for inside in folder.iterdir()
        if inside.is_dir() and inside.name.isidentifier() and any(inside.glob("*.py"))
    ]
