"""What a project says of its audits: `[tool.memfence]` in its pyproject.toml, checked key by key."""

import difflib
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from ..base.errors import HarnessError, UnknownNameError, nearest
from ..model.channels import Channel
from ..model.findings import FindingClass
from .settings import AuditSettings

_T = TypeVar("_T")
TABLE = "[tool.memfence]"
# So like it that no other tool is meant: memfenc is, defence is not.
_NEARLY = 0.85
# What can be said of the audit of an object that is there: nothing stands between it and its users.
_OF_OURS = {"wrapper", "breakage", "store", "store_url", "store_config", "embedder", "max_requests"}
OF_AN_OBJECT = frozenset(one.name for one in fields(AuditSettings)) - _OF_OURS


@dataclass(frozen=True, slots=True)
class Configuration:
    """What was said, over all places; what was not is None, or missing from `options`.

    `options` are fields of AuditSettings but for the seed, `examples`, `steps` and `profile` how far operations are
    explored, `save` the folder for counterexamples, `baseline` the file of known findings,
    `spoken` the keys that a project's table has.
    """

    target: str | None = None
    seed: int | None = None
    report: tuple[Path, ...] = ()
    examples: int | None = None
    steps: int | None = None
    profile: str | None = None
    save: Path | None = None
    baseline: Path | None = None
    spoken: frozenset[str] = frozenset()
    verbose: bool = False
    quiet: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    def settings(self, default_seed: int) -> AuditSettings:
        """Return the options of an audit; raises HarnessError where they make none."""
        return AuditSettings(seed=default_seed if self.seed is None else self.seed, **self.options)


def read_table(path: Path) -> dict[str, object]:
    """Return what a pyproject.toml says in `[tool.memfence]`, checked; empty where there is no such table.

    Files lie relative to the file. Raises HarnessError, which names the key.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be read: {error}"
        raise HarnessError(msg) from error
    tools = said.get("tool", {})
    tools = tools if isinstance(tools, dict) else {}
    mistyped = difflib.get_close_matches("memfence", tools, n=1, cutoff=_NEARLY) if "memfence" not in tools else []
    if mistyped:
        msg = f"{path.name} has [tool.{mistyped[0]}]: did you mean {TABLE}?"
        raise HarnessError(msg)
    table = tools.get("memfence", {})
    if not isinstance(table, dict):
        msg = f"{TABLE} in {path.name} must be a table, got {table!r}"
        raise HarnessError(msg)
    return checked(table, f"{TABLE} in {path.name}", folder=path.parent)


def target_of(said: Configuration, folder: Path) -> str | None:
    """Return the target, None where nobody has named one in a `folder` that is no project's.

    A gate must not be green because it has looked at something else. So raises HarnessError where a table is there and
    names none, or is there only further up.
    """
    if said.target is not None:
        return said.target
    if said.spoken:
        msg = f"{TABLE} names no target: say there target = 'myapp.memory:make_memory', or name one behind the command"
        raise HarnessError(msg)
    for above in folder.absolute().parents:
        there = above / "pyproject.toml"
        with suppress(HarnessError):
            table = read_table(there)
            if table:
                break
    else:
        return None
    msg = f"no target is named here, and {there} has {TABLE}: go there, or name a target behind the command"
    raise HarnessError(msg)


def checked(
    said: Mapping[str, object], where: str, *, keys: Iterable[str] = (), folder: Path | None = None
) -> dict[str, object]:
    """Return the values as the settings hold them; raises HarnessError for an unknown key or a wrong type.

    `where` names the place to the reader, `keys` are those that it may have, all where there are none; files are
    taken relative to `folder`.
    """
    known = list(keys) or list(_KINDS)
    values: dict[str, object] = {}
    for key, value in said.items():
        if key not in known:
            msg = f"{where} knows no {key!r}; {nearest(key, known)}"
            raise HarnessError(msg)
        kind = _KINDS[key]
        if not kind.fits(value):
            msg = f"{key} in {where} must be {kind.what}, got {value!r}"
            raise HarnessError(msg)
        values[key] = kind.make(value)
        if folder is not None and key == "report":
            values[key] = tuple(folder / name for name in _texts(value))
        elif folder is not None and kind is _PATH:
            values[key] = folder / Path(str(value))
    return values


def from_text(key: str, text: str, where: str, *, folder: Path | None = None) -> dict[str, object]:
    """Return what a value says that was written as text, as in an ini file; otherwise as `checked`."""
    value: object = text
    if _KINDS[key] is _WHOLE:
        # What is no number is told with what it must be.
        with suppress(ValueError):
            value = int(text)
    return checked({key: value}, where, folder=folder)


def layered(*layers: Mapping[str, object]) -> Configuration:
    """Return what the layers say together: of the same key the first layer that says it."""
    values: dict[str, Any] = {}
    for layer in reversed(layers):
        values |= layer
    beside = {one.name: values.pop(one.name) for one in fields(Configuration) if one.name in values}
    return Configuration(**beside, options=values)


@dataclass(frozen=True, slots=True)
class _Kind:
    what: str
    fits: Callable[[object], bool]
    make: Callable[[Any], object] = lambda value: value


def _is_whole(value: object) -> bool:
    # True is an int in Python, and no number of users.
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _are_texts(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, (list, tuple)) and all(isinstance(one, (str, Path)) for one in value)
    )


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - a string or a list of them, as checked before
    return (value,) if isinstance(value, str) else tuple(value)


def _channels(value: object) -> tuple[Channel, ...]:
    return tuple(_one_of(Channel, name, "channel") for name in _texts(value))


def _classes(value: object) -> tuple[FindingClass, ...]:
    return tuple(_one_of((FindingClass.RESIDUE,), name, "value for fail_on") for name in _texts(value))


def _one_of(choices: Iterable[_T], name: str, kind: str) -> _T:
    for choice in choices:
        if choice == name:
            return choice
    raise UnknownNameError(name, kind=kind, choices=map(str, choices))


_TEXT = _Kind("a string", lambda value: isinstance(value, str))
_WHOLE = _Kind("a whole number", _is_whole)
_NUMBER = _Kind("a number", _is_number, float)
_PATH = _Kind("a string", lambda value: isinstance(value, (str, Path)), Path)
_FLAG = _Kind("true or false", lambda value: isinstance(value, bool))
_LIST = "a string or a list of strings"
_KINDS: Mapping[str, _Kind] = {
    "target": _TEXT,
    "seed": _WHOLE,
    "users": _WHOLE,
    "facts": _WHOLE,
    "probes": _WHOLE,
    "scenarios": _Kind(_LIST, _are_texts, _texts),
    "wrapper": _TEXT,
    "breakage": _TEXT,
    "top_k": _WHOLE,
    "require": _Kind(_LIST, _are_texts, _channels),
    "settle": _NUMBER,
    "allow_destructive": _FLAG,
    "crowd": _WHOLE,
    "load": _WHOLE,
    "fail_on": _Kind(_LIST, _are_texts, _classes),
    "wildcard_ids": _TEXT,
    "aliases": _TEXT,
    "max_requests": _WHOLE,
    "store": _TEXT,
    "store_url": _TEXT,
    "store_config": _TEXT,
    "embedder": _TEXT,
    "report": _Kind(_LIST, _are_texts, lambda value: tuple(map(Path, _texts(value)))),
    "examples": _WHOLE,
    "steps": _WHOLE,
    "profile": _TEXT,
    "save": _PATH,
    "baseline": _PATH,
    "show_content": _FLAG,
    "verbose": _FLAG,
    "quiet": _FLAG,
}
