"""`memfence init`: the first files of a gate; what is there stays as it is."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from ..base.errors import TargetError
from ..reporting.console import open_console, print_line
from ..reporting.files import writing
from .starters import SETTINGS, TARGET, WORKFLOW

STARTER = "memfence_target:make_memory"
_SETTINGS, _WORKFLOW = Path("pyproject.toml"), Path(".github/workflows/memfence.yml")


def start(folder: Path, target: str) -> None:
    """Write a starter target (unless another is named), a workflow and settings, and say what was written.

    Raises HarnessError where the target's name is none, or a file cannot be written.
    """
    module, _, name = target.partition(":")
    if not module or not name:
        msg = f"{target!r} names no target: write module:callable, for example myapp.memory:make_memory"
        raise TargetError(msg)
    console = open_console()
    for line in _written(folder, target):
        print_line(console, line)
    look = f"see what {STARTER.partition(':')[0]}.py says, then: " if target == STARTER else ""
    print_line(console, f"next: {look}memfence audit")


def _written(folder: Path, target: str) -> Iterator[str]:
    if target == STARTER:
        yield _new(folder, Path(f"{STARTER.partition(':')[0]}.py"), TARGET)
    yield _new(folder, _WORKFLOW, WORKFLOW)
    yield _settings(folder, target)


def _new(folder: Path, name: Path, text: str) -> str:
    path = folder / name
    if path.exists():
        return f"kept: {name.as_posix()} is there already"
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return f"written: {name.as_posix()}"


def _settings(folder: Path, target: str) -> str:
    """Write the settings into a new pyproject.toml, or below what one says of other things."""
    path = folder / _SETTINGS
    text = SETTINGS.format(target=target)
    if not path.exists():
        return _new(folder, _SETTINGS, text)
    before = path.read_text(encoding="utf-8")
    try:
        there = tomllib.loads(before).get("tool", {}).get("memfence")
    except ValueError:
        return f"kept: {_SETTINGS} cannot be read: mend it, then memfence init again"
    if there is not None:
        named = there.get("target") if isinstance(there, dict) else None
        other = "" if named == target else f", whose target is {named!r} and not {target!r}: change it there"
        return f"kept: {_SETTINGS} has [tool.memfence] already{other}"
    with writing(path), path.open("a", encoding="utf-8") as file:
        file.write(f"{'' if before.endswith(chr(10)) or not before else chr(10)}\n{text}")
    return f"added: [tool.memfence] to {_SETTINGS}"
