"""The file that says how an application is spoken to: `app.toml`, or `[tool.memfence.app]` in a pyproject.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...base.errors import TargetError, nearest
from ...model.channels import Channel
from .csrf import Csrf, read_csrf
from .lines import OPTIONAL, SOCKET, Line, check_names, read_line
from .signing import SignIn, read_sign_in

# What a user's memory can do there: the names that a line must have, and those that it may have.
OPERATIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "add": (("text",), ("metadata", "infer")),
    "search": (("query",), ("limit",)),
    "get_all": ((), ("limit",)),
    "get": (("id",), ()),
    "update": (("id", "text"), ("metadata",)),
    "delete": (("id",), ()),
    "delete_all": ((), ()),
    "history": (("id",), ()),
    "ask": (("query",), ()),
    "page": ((), ()),
    "export": ((), ()),
    "events": ((), ()),
    "live": ((), ()),
    "close_account": ((), ("password",)),
}
# What can be done where the caller chooses the key: a file, a card, a setting.
OF_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "put": (("key", "text"), ()),
    "list": ((), ()),
    "query": (("query",), ()),
    "get": (("key",), ()),
    "delete": (("key",), ()),
    "clear": ((), ()),
    **{name: OPERATIONS[name] for name in ("page", "export", "close_account")},
}
# What stands beside the memories.
_BESIDE: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sign_up": (("user",), ("password",)),
    "sign_out": ((), ()),
    "guest": ((), ()),
}
_FEEDS: Mapping[str, str] = {"live": "'WS /live'", "events": "'GET /events'"}
_IN_THE_WORLD = ("reset", "expire")
_SAID = ("disposable", "settle", "hosts", "csrf", "others")
_SIGNING = ("sign_in", "auth", "authTemplate", "schemaVersion", "configs")
_KEYS = (*dict.fromkeys((*OPERATIONS, *OF_KEYS)), *_BESIDE, "logout", *_IN_THE_WORLD, *_SAID, *_SIGNING)
# Without one of these nothing can be seen, and so nothing judged.
_LOOKS = ("search", "get_all", "get", "list", "query")


@dataclass(frozen=True, slots=True)
class AppFile:
    """What the file says.

    `operations` are a memory's, by name. `reset` and `expire` are a request, or in process the name of something that
    can be called at the application. `hosts` may be audited though they are not this machine. `others` are requests
    that give a token for another purpose.
    """

    sign_in: SignIn
    operations: Mapping[str, Line]
    sign_up: Line | None = None
    sign_out: Line | None = None
    guest: Line | None = None
    csrf: Csrf | None = None
    reset: Line | str | None = None
    expire: Line | str | None = None
    disposable: bool | None = None
    settle: float = 0.0
    hosts: frozenset[str] = frozenset()
    others: Mapping[str, Line] = field(default_factory=dict)

    @property
    def keyed(self) -> bool:
        """Whether callers choose the keys under which they put things."""
        return "put" in self.operations

    @property
    def takes(self) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """What each operation takes: the names that its line must have, and those that it may have."""
        return OF_KEYS if self.keyed else OPERATIONS


def read_app_file(path: Path) -> AppFile:
    """Read the file; raises TargetError, which says what is wrong and how it is written."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        msg = f"there is no file {path}: `memfence init --openapi URL` drafts one from your application's OpenAPI"
        raise TargetError(msg) from None
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be read: {error}"
        raise TargetError(msg) from error
    if path.name == "pyproject.toml":
        said = said.get("tool", {}).get("memfence", {}).get("app")
        if not isinstance(said, dict):
            msg = f"{path} has no table [tool.memfence.app]"
            raise TargetError(msg)
    return parse(said)


def parse(said: Mapping[str, Any]) -> AppFile:
    """Return what a table says; raises as `read_app_file`."""
    for key in said:
        if key not in _KEYS:
            msg = f"the application's file knows no {key!r}; {nearest(key, _KEYS)}"
            raise TargetError(msg)
    sign_in = read_sign_in(said)
    operations = _operations(said)
    if not any(name in operations for name in _LOOKS):
        msg = "the application's file names no way to look: write search = 'GET /search?q={query}' or get_all = ..."
        raise TargetError(msg)
    beside = {**said, "sign_out": said.get("sign_out", said.get("logout"))}
    lines = {name: _line(name, beside[name], _BESIDE[name]) for name in _BESIDE if beside.get(name) is not None}
    hosts, others = said.get("hosts", ()), said.get("others", {})
    if not isinstance(hosts, list | tuple) or not isinstance(others, Mapping):
        msg = "in the application's file hosts must be a list, and others a table of names and requests"
        raise TargetError(msg)
    return AppFile(
        sign_in=sign_in,
        operations=operations,
        **lines,
        csrf=read_csrf(said.get("csrf")),
        reset=_line_or_name("reset", said.get("reset")),
        expire=_line_or_name("expire", said.get("expire")),
        disposable=_typed(said, "disposable", bool, "true or false"),
        settle=float(_typed(said, "settle", (int, float), "a number of seconds") or 0.0),
        hosts=frozenset(map(str, hosts)),
        others={name: read_line(f"others.{name}", text) for name, text in others.items()},
    )


def _operations(said: Mapping[str, Any]) -> dict[str, Line]:
    table = OF_KEYS if "put" in said else OPERATIONS
    for name in (*OPERATIONS, *OF_KEYS):
        if name in said and name not in table:
            others = ", ".join(OF_KEYS if table is OF_KEYS else OPERATIONS)
            msg = f"{name} in the application's file does not go with {'put' if table is OF_KEYS else 'add'}: {others}"
            raise TargetError(msg)
    return {name: _line(name, said[name], table[name]) for name in table if name in said}


def _line(name: str, text: object, names: tuple[tuple[str, ...], tuple[str, ...]]) -> Line:
    line = read_line(name, text)
    check_names(line, *names)
    if (line.method == SOCKET) != (name == Channel.LIVE) or (name == Channel.EVENTS and line.method != "GET"):
        written = _FEEDS.get(name, "GET, POST, ...")
        msg = f"{name} in the application's file is no {line.method}: write {written}"
        raise TargetError(msg)
    return line


def _line_or_name(name: str, text: object) -> Line | str | None:
    """Return a request, or the name of what can be called at the application."""
    if isinstance(text, str) and text and all(part.isidentifier() for part in text.split(".")):
        return text
    return None if text is None else _line(name, text, ((), ()))


def _typed(said: Mapping[str, Any], key: str, kind: type | tuple[type, ...], what: str) -> Any:  # noqa: ANN401 - of that kind
    value = said.get(key)
    if value is not None and (not isinstance(value, kind) or (kind is not bool and isinstance(value, bool))):
        msg = f"{key} in the application's file must be {what}, got {value!r}"
        raise TargetError(msg)
    return value


def options_of(line: Line) -> tuple[str, ...]:
    """Return what a line takes only at times, in order."""
    return tuple(name for name in OPTIONAL if name in line.names)
