"""`memfence init`: the first files of a gate; what is there stays as it is."""

import json
import textwrap
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..base.errors import HarnessError, TargetError
from ..base.origin import origin
from ..campaigns import resolve
from ..campaigns.diagnosing import diagnose
from ..campaigns.settings import AuditSettings
from ..model.causes import CHECK_USER_ID
from ..model.channels import Channel
from ..model.diagnoses import Diagnosis
from ..performing.contract import METHODS
from ..reporting.additions import additions
from ..reporting.console import open_console, print_line
from ..reporting.files import writing
from .starters import INSTALL, SENTENCE, SETTINGS, TARGET, UNKNOWN, WORKFLOW

STARTER = "memfence_target:Target"
_SETTINGS, _WORKFLOW = Path("pyproject.toml"), Path(".github/workflows/memfence.yml")


def start(folder: Path, target: str) -> None:
    """Write a starter target (unless another is named), a workflow and settings, and say what was written.

    Of another target the lines that it lacks are printed; its memories are made for that, and none is called. Raises
    HarnessError where the target's name is none, or a file cannot be written.
    """
    module, _, name = target.partition(":")
    if not module or not name:
        msg = f"{target!r} names no target: write module:callable, for example myapp.memory:make_memory"
        raise TargetError(msg)
    console = open_console()
    found, problem = (None, "") if target == STARTER else _looked_at(target)
    for line in _written(folder, target, found):
        print_line(console, line)
    if problem:
        print_line(console, f"not looked at: {problem}")
    for line in [] if found is None else additions(found):
        print_line(console, line)
    look = f"see what {module}.py says, then: " if target == STARTER else f"memfence doctor {target}, then: "
    print_line(console, f"next: {look}memfence audit")


def _looked_at(target: str) -> tuple[Diagnosis | None, str]:
    """Return what a target offers, or why that cannot be told: it may be written later."""
    try:
        return diagnose(resolve.target(target), AuditSettings(seed=0), calls=False), ""
    except HarnessError as error:
        return None, str(error)


def _written(folder: Path, target: str, found: Diagnosis | None) -> Iterator[str]:
    if target == STARTER:
        check = textwrap.indent("\n".join(CHECK_USER_ID), " " * 8)
        yield _new(folder, Path(f"{STARTER.partition(':')[0]}.py"), TARGET.format(check=check))
    unwritten, memfence = not (folder / _WORKFLOW).exists(), origin()
    yield _new(folder, _WORKFLOW, workflow(memfence, _needs(folder)))
    yield _settings(folder, target, _require(target, found))
    if unwritten and memfence is None:
        yield f"fill in: where memfence comes from, in {_WORKFLOW.as_posix()}, which fails until then"


def workflow(memfence: str | None, needs: str) -> str:
    """Return the workflow, which installs `memfence` from where it comes from, or fails until that is filled in."""
    step = UNKNOWN.format(sentence=SENTENCE, needs=needs) if memfence is None else ""
    return WORKFLOW.format(install=(step or INSTALL.format(memfence=memfence, needs=needs)).rstrip())


def _needs(folder: Path) -> str:
    """Return what is to be installed of a project, as further words of a command."""
    says_project = (folder / "setup.py").exists() or "project" in _read(folder / _SETTINGS)
    listed = (folder / "requirements.txt").exists()
    return f"{' .' if says_project else ''}{' -r requirements.txt' if listed else ''}"


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _require(target: str, found: Diagnosis | None) -> str:
    """Return the key that says what must be judged: what the target offers, of that what will be tried."""
    if target == STARTER:
        return _key(METHODS)
    judged = [] if found is None else [channel for channel in METHODS if channel in found.judged]
    return _key(judged) if judged else f"# {_key((Channel.SEARCH, Channel.GET_ALL))}"


def _key(channels: Sequence[Channel]) -> str:
    return f"require = {json.dumps(channels)}"


def _new(folder: Path, name: Path, text: str) -> str:
    path = folder / name
    if path.exists():
        return f"kept: {name.as_posix()} is there already"
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return f"written: {name.as_posix()}"


def _settings(folder: Path, target: str, require: str) -> str:
    """Write the settings into a new pyproject.toml, or below what one says of other things."""
    path = folder / _SETTINGS
    text = SETTINGS.format(target=target, require=require)
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
