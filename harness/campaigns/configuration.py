"""What a project says of its audits: `[tool.memfence]` in its pyproject.toml, checked key by key."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ..base.errors import HarnessError, nearest
from .options import AMOUNTS, FILES, SWITCHES, Option, option, options_of
from .settings import FAST, AuditSettings

TABLE = "[tool.memfence]"
# So like it that no other tool is meant: memfenc is, defence is not.
_NEARLY = 0.85


@dataclass(frozen=True, slots=True)
class Configuration:
    """What was said, over all places; what was not is None, or missing from `options`.

    `options` are fields of AuditSettings but for the seed, `workers` is how many processes an audit runs in, `profile`
    is how far operations are explored, `save` the folder for counterexamples, `baseline` the file of known findings,
    `spoken` the keys that a project's table has.
    """

    target: str | None = option(
        "mem0, platform, reference, an application by its address, or your own as module:callable.",
        "",
        default=None,
        shown="mem0",
        completes="targets",
        argument=True,
    )
    seed: int | None = option("The same seed gives the same result.", AMOUNTS, default=None, shown="random, printed")
    report: tuple[Path, ...] = option(
        "Write a report to this file: .json, .html, .md, .sarif or .xml; may be repeated.", FILES, default=()
    )
    profile: str | None = option(
        "dev: 100 histories; ci: 200, with a fixed seed; soak: 5000 long ones.", AMOUNTS, default=None
    )
    save: Path | None = option("Write each counterexample to this folder, for memfence replay.", FILES, default=None)
    baseline: Path | None = option(
        "Accept the findings of this file: of memfence baseline update, or a .json report. New ones fail.",
        FILES,
        default=None,
    )
    workers: int | None = option(
        "Processes at once.",
        AMOUNTS,
        default=None,
        shown="one for each core; 1 for a short audit, or where two cannot open the target",
        short="n",
        least=1,
    )
    spoken: frozenset[str] = frozenset()
    fast: bool = option("Few users and small amounts, for each change.", AMOUNTS, default=False, shown="")
    verbose: bool = option("Print every scenario and every finding.", SWITCHES, default=False, short="v", shown="")
    quiet: bool = option("Print only the verdict.", SWITCHES, default=False, short="q", shown="")
    options: Mapping[str, Any] = field(default_factory=dict)

    def settings(self, default_seed: int) -> AuditSettings:
        """Return the options of an audit; raises HarnessError where they make none."""
        options = {**(FAST if self.fast else {}), **self.options}
        return AuditSettings(seed=default_seed if self.seed is None else self.seed, **options)


OPTIONS: Mapping[str, Option] = options_of(Configuration) | options_of(AuditSettings)
# What can be said of the audit of an object that is there: nothing stands between it and its users.
_OF_OURS = {"wrapper", "breakage", "store", "store_url", "store_config", "embedder", "max_requests"} | {
    "app",
    "asgi",
    "allow_remote",
    "behind_cache",
}
OF_AN_OBJECT = frozenset({"seed", *options_of(AuditSettings)}) - _OF_OURS


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
    if isinstance(table.get("app"), dict):
        # The file that says how the application is spoken to is this one.
        table = {**table, "app": _shown(path)}
    return checked(table, f"{TABLE} in {path.name}", folder=path.parent)


def target_of(said: Configuration, folder: Path) -> str | None:
    """Return the target, None where nobody has named one in a `folder` that is no project's.

    A gate must not be green because it has looked at something else. So raises HarnessError where a table is there and
    names none, or is there only further up.
    """
    asgi = said.options.get("asgi")
    if asgi is not None and said.target not in (None, asgi):
        msg = f"--asgi {asgi} is the application itself: leave out the target {said.target!r}"
        raise HarnessError(msg)
    if said.target is not None or asgi is not None:
        return said.target or str(asgi)
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
    known = list(keys) or list(OPTIONS)
    values: dict[str, object] = {}
    for key, value in said.items():
        if key not in known:
            msg = f"{where} knows no {key!r}; {nearest(key, known)}"
            raise HarnessError(msg)
        kind = OPTIONS[key].kind
        if not kind.fits(value):
            msg = f"{key} in {where} must be {kind.what}, got {value!r}"
            raise HarnessError(msg)
        made = kind.make(value)
        values[key] = made if folder is None else _within(folder, made)
    return values


def from_text(key: str, text: str, where: str, *, folder: Path | None = None) -> dict[str, object]:
    """Return what a value says that was written as text, as in an ini file; otherwise as `checked`."""
    return checked({key: OPTIONS[key].kind.read(text)}, where, folder=folder)


def layered(*layers: Mapping[str, object]) -> Configuration:
    """Return what the layers say together: of the same key the first layer that says it.

    A layer's reports are those of its own target: another's do not take their place.
    """
    target = next((layer["target"] for layer in layers if "target" in layer), None)
    values: dict[str, Any] = {}
    for layer in reversed(layers):
        same = layer.get("target", target) == target
        values |= {key: value for key, value in layer.items() if same or key != "report"}
    beside = {one.name: values.pop(one.name) for one in fields(Configuration) if one.name in values}
    return Configuration(**beside, options=values)


def _shown(path: Path) -> str:
    """Return a path that names nobody's machine where the file is in the current folder."""
    return path.name if path.parent.absolute() == Path.cwd() else str(path)


def _within(folder: Path, value: object) -> object:
    """Return a value with the files that it names taken relative to a folder."""
    match value:
        case Path():
            return folder / value
        case tuple():
            return tuple(_within(folder, one) for one in value)
        case _:
            return value
