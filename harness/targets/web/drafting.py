"""Drafts the file of an application from its OpenAPI document: what was guessed is marked."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .openapi import Route, routes

GUESSED = "# guessed"
_TEXTS = (
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
_IDS = ("id", "_id", "uuid", "memory_id")
_USERS = ("username", "user", "email", "login", "user_name", "name", "user_id")
_PASSWORDS = ("password", "passwd", "pass", "pwd")
_TOKENS = ("access_token", "token", "jwt", "id_token", "session_token")
_QUERIES = ("q", "query", "search", "text", "term", "question")
_SIGN_IN = re.compile(r"log-?in|sign-?in|session|token|auth", re.IGNORECASE)
_SIGN_UP = re.compile(r"register|registration|sign-?up|users|accounts|join", re.IGNORECASE)
_SIGN_OUT = re.compile(r"log-?out|sign-?out", re.IGNORECASE)
_KEPT = re.compile(r"memor|note|fact|message|todo|document|record|item|entr", re.IGNORECASE)
_WORDS: Mapping[str, re.Pattern[str]] = {
    "ask": re.compile(r"\bask|chat|answer", re.IGNORECASE),
    "export": re.compile(r"export|download|takeout", re.IGNORECASE),
    "history": re.compile(r"histor|version", re.IGNORECASE),
}
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


def draft(document: Mapping[str, Any]) -> str:
    """Return the file's text; raises ValueError where the document is no OpenAPI."""
    known = routes(document)
    lines = {one.name: one for one in (*_signing(known), *_operations(known))}
    written = [
        "# How memfence speaks to this application: see `memfence guide http`. Lines marked guessed may be wrong."
    ]
    written.append("# disposable = true  # remove the first # if everything that is stored there may be wiped")
    written += [lines[name].written() for name in _ORDER if name in lines]
    missing = [name for name in _WANTED if name not in lines]
    written += [f"# {name} = '{_WANTED[name]}'  {GUESSED}: nothing in the document looks like it" for name in missing]
    return "\n".join(written) + "\n"


_WANTED = {
    "sign_up": "POST /users {user, password}",
    "sign_in": "POST /login {user, password} -> /token",
    "sign_out": "POST /logout",
    "add": "POST /memories {text} -> /id",
    "search": "GET /memories/search?q={query}",
    "get_all": "GET /memories",
    "get": "GET /memories/{id}",
    "update": "PUT /memories/{id} {text}",
    "delete": "DELETE /memories/{id}",
    "delete_all": "DELETE /memories",
}
_ORDER = (*_WANTED, "history", "ask", "page", "export", "close_account")


def _signing(known: list[Route]) -> Iterator[Drafted]:
    """Yield how users sign up, in and out."""
    with_password = [one for one in known if one.method == "POST" and _named(one.body, _PASSWORDS)]
    signs_in = [one for one in with_password if _SIGN_IN.search(one.path) and not _says_sign_up(one)]
    if signs_in:
        yield _sign_in(_shortest(signs_in), several=len(signs_in) > 1)
    signs_up = [
        one for one in with_password if one not in signs_in and (_SIGN_UP.search(one.path) or _says_sign_up(one))
    ]
    if signs_up:
        yield Drafted("sign_up", _sent(_shortest(signs_up), _USERS, "user"), _others(signs_up))
    signs_out = [
        one for one in known if _SIGN_OUT.search(f"{one.path} {one.words}") and one.method in ("POST", "DELETE")
    ]
    signs_out += [one for one in known if one.method == "DELETE" and signs_in and one.path == signs_in[0].path]
    if signs_out:
        yield Drafted("sign_out", f"{signs_out[0].method} {signs_out[0].path}", _others(signs_out))


def _says_sign_up(route: Route) -> bool:
    return bool(re.search(r"register|registration|sign-?_?up", f"{route.path} {route.words}", re.IGNORECASE))


def _sign_in(route: Route, *, several: bool) -> Drafted:
    line = _sent(route, _USERS, "user")
    token = _named(_fields(route), _TOKENS)
    if token:
        return Drafted("sign_in", f"{line} -> /{token}", "there are others" if several else "")
    told = "its answer is not described, so cookies" if route.answer is None else "its answer has no token, so cookies"
    return Drafted("sign_in", line, f"{told}; with a token write -> /token behind it")


def _operations(known: list[Route]) -> Iterator[Drafted]:
    """Yield what users do with what they store."""
    plain = [one for one in known if not one.parameters and not _named(one.body, _PASSWORDS)]
    adds = [one for one in plain if one.method == "POST" and _named(one.body, _TEXTS) and not _is_asked(one)]
    listings = [one for one in plain if one.method == "GET" and not _named(dict.fromkeys(one.query, ""), _QUERIES)]
    both = [one for one in adds if any(other.path == one.path for other in listings)]
    stores = sorted(both or adds, key=lambda one: (not _KEPT.search(one.path), len(one.path)))
    store = stores[0].path if stores else next((one.path for one in listings if _KEPT.search(one.path)), "")
    if stores:
        yield _add(stores[0], _named_in_paths(known, store), several=len(stores) > 1)
    yield from _listing(known, store)
    yield from _searching(known, store)
    yield from _by_id(known, store)
    yield from _beside(known, store)


def _named_in_paths(known: list[Route], store: str) -> str:
    """Return what a record's id is called in the paths of single records."""
    singles = (one for one in known if store and re.fullmatch(re.escape(store) + r"/\{[^}/]+\}", one.path))
    return next((one.parameters[-1] for one in singles), "")


def _ident(fields: Iterable[str], in_path: str) -> str | None:
    """Return the field that holds a record's id: it is called so, or as the paths call it."""
    lowered = {name.lower(): name for name in fields}
    ends = [name for low, name in lowered.items() if in_path and low.endswith(in_path.lower())]
    ends += [name for low, name in lowered.items() if low.endswith("id")]
    return next((lowered[name] for name in _IDS if name in lowered), None) or next(iter(ends), None)


def _add(route: Route, in_path: str, *, several: bool) -> Drafted:
    ident = _ident(_fields(route), in_path)
    where = f" -> /{ident}" if ident else ""
    told = ["there are others"] if several else []
    told += [] if ident or route.answer is None else ["its answer has no id"]
    filled = [one for one in route.needed if one != _named(route.body, _TEXTS)]
    told += [f"made up: {', '.join(filled)}"] if filled else []
    return Drafted("add", f"{_sent(route, _TEXTS, 'text')}{where}", "; ".join(told))


def _listing(known: list[Route], store: str) -> Iterator[Drafted]:
    for route in known:
        if route.method == "GET" and route.path == store and not route.needed:
            where, told = _records(route, _named_in_paths(known, store))
            yield Drafted("get_all", f"GET {route.path}{where}", told)
            return


def _searching(known: list[Route], store: str) -> Iterator[Drafted]:
    found: list[tuple[Route, str]] = []
    for route in known:
        asked = {**dict.fromkeys(route.query, ""), **(route.body if route.method == "POST" else {})}
        name = _named(asked, _QUERIES)
        says = "search" in f"{route.path} {route.words}" or (route.path == store and route.method == "GET")
        if name and says and not route.parameters and not _is_asked(route):
            found.append((route, name))
    if not found:
        return
    route, name = min(found, key=lambda one: (not one[0].path.startswith(store), len(one[0].path)))
    where, told = _records(route, _named_in_paths(known, store))
    line = f"GET {route.path}?{name}={{query}}" if name in route.query else _sent(route, (name,), "query")
    yield Drafted("search", f"{line}{where}", "; ".join(filter(None, (told, _others(found)))))


def _by_id(known: list[Route], store: str) -> Iterator[Drafted]:
    """Yield what is done with one record, and with all of them."""
    one_record = re.compile(re.escape(store) + r"/\{[^}/]+\}")
    for route in known:
        if store and route.method == "DELETE" and route.path == store:
            yield Drafted("delete_all", f"DELETE {store}")
        if not store or not one_record.fullmatch(route.path):
            continue
        path = f"{store}/{{id}}"
        match route.method:
            case "GET":
                yield Drafted("get", f"GET {path}{_renamed(_fields(route), route.parameters[-1])}")
            case "PUT" | "PATCH" if _named(route.body, _TEXTS):
                yield Drafted("update", _sent(route, _TEXTS, "text").replace(route.path, path))
            case "DELETE":
                yield Drafted("delete", f"DELETE {path}")
            case _:
                continue
    for route in known:
        if store and route.method == "GET" and one_record.match(route.path) and _WORDS["history"].search(route.path):
            yield Drafted("history", f"GET {re.sub(r'{[^}/]+}', '{id}', route.path)}")


def _beside(known: list[Route], store: str) -> Iterator[Drafted]:
    """Yield answers in words, pages, exports and what closes an account."""
    for route in known:
        if route.parameters:
            continue
        if _is_asked(route):
            name = _named(route.body, _QUERIES) or _named(route.body, _TEXTS)
            if name:
                yield Drafted("ask", _sent(route, (name,), "query"), "by its name")
        elif route.method == "GET" and _WORDS["export"].search(route.path):
            yield Drafted("export", f"GET {route.path}", "by its name")
        elif (
            route.method == "GET" and route.pages and not _SIGN_IN.search(route.path) and route.path not in ("/", store)
        ):
            yield Drafted("page", f"GET {route.path}", "it is a page")
        elif route.method == "DELETE" and re.search(r"(?:account|/me|/users?)/?$", route.path):
            yield Drafted("close_account", f"DELETE {route.path}", "by its name")


def _is_asked(route: Route) -> bool:
    return (
        route.method == "POST"
        and bool(_WORDS["ask"].search(f"{route.path} {route.words}"))
        and "search" not in route.path
    )


def _renamed(fields: Mapping[str, Any], in_path: str, pointer: str = "/") -> str:
    """Return what is behind a line whose records name their parts otherwise than we do; nothing where they do not."""
    ident, text = _ident(fields, in_path), _named(fields, _TEXTS)
    named = [f"id={ident}"] if ident and ident not in ("id", "memory_id") else []
    named += [f"text={text}"] if text and text not in ("text", "memory", "content", "data") else []
    return f" -> {' '.join([pointer, *named])}" if named or pointer != "/" else ""


def _records(route: Route, in_path: str) -> tuple[str, str]:
    """Return where the records of an answer are and how their parts are called; and what of it is guessed."""
    answer = route.answer
    if answer is None:
        return "", "its answer is not described"
    lists = answer["lists"]
    where, items = (
        ("/", answer.get("items") or {}) if answer.get("type") == "array" else next(iter(lists.items()), ("", {}))
    )
    fields = _dict_of(items)
    behind = _renamed(fields, in_path, "/" if where in ("", "/") else f"/{where}")
    if not behind:
        return "", "" if fields or where == "/" else "its answer has no list"
    return behind, "there are other lists" if len(lists) > 1 else ""


def _sent(route: Route, names: Iterable[str], as_what: str) -> str:
    """Return a request with its body: the first of these names is filled, what else must be there is made up."""
    key = _named(route.body, names)
    fields: dict[str, Any] = {key: f"{{{as_what}}}"} if key else {}
    password = _named(route.body, _PASSWORDS)
    fields |= {password: "{password}"} if password else {}
    fields |= {one: _sample(one, route.body.get(one, "string")) for one in route.needed if one not in fields}
    if route.form:
        return f"{route.method} {route.path} {'&'.join(f'{name}={value}' for name, value in fields.items())}"
    short = all(value == f"{{{name}}}" for name, value in fields.items())
    body = f"{{{', '.join(fields)}}}" if short else json.dumps(fields)
    return f"{route.method} {route.path} {body}" if fields else f"{route.method} {route.path}"


def _sample(name: str, kind: str) -> object:
    """Return what stands in a field that must be there: a user's name where it wants one."""
    return "{user}" if name in _USERS else _SAMPLES.get(kind, f"{name} by memfence")


def _fields(route: Route) -> Mapping[str, Any]:
    return {} if route.answer is None else _dict_of(route.answer)


def _dict_of(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = schema.get("properties") or {}
    return properties


def _named(fields: Mapping[str, Any], names: Iterable[str]) -> str | None:
    """Return the field that is called like the first of these names, in whatever case."""
    lowered = {name.lower(): name for name in fields}
    return next((lowered[name] for name in names if name in lowered), None)


def _shortest(found: list[Route]) -> Route:
    key: Callable[[Route], int] = lambda one: len(one.path)  # noqa: E731 - typed, for min knows it so
    return min(found, key=key)


def _others(found: list[Any]) -> str:
    return "there are others" if len(found) > 1 else ""
