"""One line of a drafted file: how fields are usually called, and what a request is made of them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .openapi import Route

GUESSED = "# guessed"
TEXTS = (
    "text",
    "content",
    "memory",
    "message",
    "body",
    "note",
    "fact",
    "data",
    "value",
    "description",
    "title",
    "name",
)
IDS = ("id", "_id", "uuid", "memory_id")
USERS = ("username", "user", "email", "login", "user_name", "name", "user_id")
PASSWORDS = ("password", "passwd", "pass", "pwd")
TOKENS = ("access_token", "token", "jwt", "id_token", "session_token")
QUERIES = ("q", "query", "search", "text", "term", "question")
_SAMPLES: Mapping[str, object] = {"integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}


@dataclass(frozen=True, slots=True)
class Drafted:
    """One line of the file, and what of it is guessed."""

    name: str
    line: str
    guessed: str = ""

    def written(self) -> str:
        """Return it as TOML."""
        quote = "'" if "'" not in self.line else '"""'
        return f"{self.name} = {quote}{self.line}{quote}{f'  {GUESSED}: {self.guessed}' if self.guessed else ''}"


def id_among(fields: Iterable[str], in_path: str) -> str | None:
    """Return the field that holds a record's id: it is called so, or as the paths call it."""
    lowered = {name.lower(): name for name in fields}
    ends = [name for low, name in lowered.items() if in_path and low.endswith(in_path.lower())]
    ends += [name for low, name in lowered.items() if low.endswith("id")]
    return next((lowered[name] for name in IDS if name in lowered), None) or next(iter(ends), None)


def renamed(fields: Mapping[str, Any], in_path: str, pointer: str = "/") -> str:
    """Return what is behind a line whose records name their parts otherwise than we do; nothing where they do not."""
    ident, text = id_among(fields, in_path), called(fields, TEXTS)
    named = [f"id={ident}"] if ident and ident not in ("id", "memory_id") else []
    named += [f"text={text}"] if text and text not in ("text", "memory", "content", "data") else []
    return f" -> {' '.join([pointer, *named])}" if named or pointer != "/" else ""


def records(route: Route, in_path: str) -> tuple[str, str]:
    """Return where the records of an answer are and how their parts are called; and what of it is guessed."""
    answer = route.answer
    if answer is None:
        return "", "its answer is not described"
    lists = answer["lists"]
    where, items = (
        ("/", answer.get("items") or {}) if answer.get("type") == "array" else next(iter(lists.items()), ("", {}))
    )
    fields = _dict_of(items)
    behind = renamed(fields, in_path, "/" if where in ("", "/") else f"/{where}")
    if not behind:
        return "", "" if fields or where == "/" else "its answer has no list"
    return behind, "there are other lists" if len(lists) > 1 else ""


def sent(route: Route, names: Iterable[str], as_what: str) -> str:
    """Return a request with its body: the first of these names is filled, what else must be there is made up."""
    key = called(route.body, names)
    fields: dict[str, object] = {key: f"{{{as_what}}}"} if key else {}
    password = called(route.body, PASSWORDS)
    fields |= {password: "{password}"} if password else {}
    fields |= {one: _sample(one, route.body.get(one, "string")) for one in route.needed if one not in fields}
    if route.form:
        return f"{route.method} {route.path} {'&'.join(f'{name}={value}' for name, value in fields.items())}"
    short = all(value == f"{{{name}}}" for name, value in fields.items())
    body = f"{{{', '.join(fields)}}}" if short else json.dumps(fields)
    return f"{route.method} {route.path} {body}" if fields else f"{route.method} {route.path}"


def _sample(name: str, kind: str) -> object:
    """Return what stands in a field that must be there: a user's name where it wants one."""
    return "{user}" if name in USERS else _SAMPLES.get(kind, f"{name} by memfence")


def answered(route: Route) -> Mapping[str, Any]:
    """Return the fields of an answer, none where it is not described."""
    return {} if route.answer is None else _dict_of(route.answer)


def _dict_of(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = schema.get("properties") or {}
    return properties


def called(fields: Mapping[str, Any], names: Iterable[str]) -> str | None:
    """Return the field that is called like the first of these names, in whatever case."""
    lowered = {name.lower(): name for name in fields}
    return next((lowered[name] for name in names if name in lowered), None)
