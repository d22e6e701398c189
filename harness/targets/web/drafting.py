"""Drafts the file of an application from its OpenAPI document: what was guessed is marked."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .drafted import (
    GUESSED,
    PASSWORDS,
    QUERIES,
    TEXTS,
    TOKENS,
    USERS,
    Drafted,
    answered,
    called,
    id_among,
    records,
    renamed,
    sent,
)
from .openapi import Route, routes

_SIGN_IN = re.compile(r"log-?in|sign-?in|session|token|auth", re.IGNORECASE)
_SIGN_UP = re.compile(r"register|registration|sign-?up|users|accounts|join", re.IGNORECASE)
_SIGN_OUT = re.compile(r"log-?out|sign-?out", re.IGNORECASE)
_KEPT = re.compile(r"memor|note|fact|message|todo|document|record|item|entr", re.IGNORECASE)
_WORDS: Mapping[str, re.Pattern[str]] = {
    "ask": re.compile(r"\bask|chat|answer", re.IGNORECASE),
    "export": re.compile(r"export|download|takeout", re.IGNORECASE),
    "history": re.compile(r"histor|version", re.IGNORECASE),
}


def draft(document: Mapping[str, Any]) -> str:
    """Return the file's text; raises ValueError where the document is no OpenAPI."""
    known = routes(document)
    lines = {one.name: one for one in (*_signing(known, _bearer(document)), *_operations(known))}
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


def _bearer(document: Mapping[str, Any]) -> str:
    """Return what a token is called where requests carry one, nothing where the document does not say that they do."""
    parts = document.get("components")
    schemes = parts.get("securitySchemes", {}) if isinstance(parts, Mapping) else {}
    kinds = {(one.get("type"), one.get("scheme")) for one in schemes.values() if isinstance(one, Mapping)}
    if any(kind == "oauth2" for kind, _ in kinds):
        return "access_token"
    return "token" if ("http", "bearer") in kinds else ""


def _signing(known: list[Route], bearer: str) -> Iterator[Drafted]:
    """Yield how users sign up, in and out."""
    with_password = [one for one in known if one.method == "POST" and called(one.body, PASSWORDS)]
    signs_in = [one for one in with_password if _SIGN_IN.search(one.path) and not _says_sign_up(one)]
    if signs_in:
        yield _sign_in(_shortest(signs_in), bearer, several=len(signs_in) > 1)
    signs_up = [
        one for one in with_password if one not in signs_in and (_SIGN_UP.search(one.path) or _says_sign_up(one))
    ]
    if signs_up:
        yield Drafted("sign_up", sent(_shortest(signs_up), USERS, "user"), _others(signs_up))
    signs_out = [
        one for one in known if _SIGN_OUT.search(f"{one.path} {one.words}") and one.method in ("POST", "DELETE")
    ]
    signs_out += [one for one in known if one.method == "DELETE" and signs_in and one.path == signs_in[0].path]
    if signs_out:
        yield Drafted("sign_out", f"{signs_out[0].method} {signs_out[0].path}", _others(signs_out))


def _says_sign_up(route: Route) -> bool:
    return bool(re.search(r"register|registration|sign-?_?up", f"{route.path} {route.words}", re.IGNORECASE))


def _sign_in(route: Route, bearer: str, *, several: bool) -> Drafted:
    line = sent(route, USERS, "user")
    token = called(answered(route), TOKENS)
    if token:
        return Drafted("sign_in", f"{line} -> /{token}", "there are others" if several else "")
    if bearer and route.answer is None:
        return Drafted("sign_in", f"{line} -> /{bearer}", "its answer is not described, and requests carry a token")
    told = "its answer is not described, so cookies" if route.answer is None else "its answer has no token, so cookies"
    return Drafted("sign_in", line, f"{told}; with a token write -> /token behind it")


def _operations(known: list[Route]) -> Iterator[Drafted]:
    """Yield what users do with what they store."""
    plain = [one for one in known if not one.parameters and not called(one.body, PASSWORDS)]
    adds = [one for one in plain if one.method == "POST" and called(one.body, TEXTS) and not _is_asked(one)]
    listings = [one for one in plain if one.method == "GET" and not called(dict.fromkeys(one.query, ""), QUERIES)]
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


def _add(route: Route, in_path: str, *, several: bool) -> Drafted:
    ident = id_among(answered(route), in_path)
    where = f" -> /{ident}" if ident else ""
    told = ["there are others"] if several else []
    told += [] if ident or route.answer is None else ["its answer has no id"]
    filled = [one for one in route.needed if one != called(route.body, TEXTS)]
    told += [f"made up: {', '.join(filled)}"] if filled else []
    return Drafted("add", f"{sent(route, TEXTS, 'text')}{where}", "; ".join(told))


def _listing(known: list[Route], store: str) -> Iterator[Drafted]:
    for route in known:
        if route.method == "GET" and route.path == store and not route.needed:
            where, told = records(route, _named_in_paths(known, store))
            yield Drafted("get_all", f"GET {route.path}{where}", told)
            return


def _searching(known: list[Route], store: str) -> Iterator[Drafted]:
    found: list[tuple[Route, str]] = []
    for route in known:
        asked = {**dict.fromkeys(route.query, ""), **(route.body if route.method == "POST" else {})}
        name = called(asked, QUERIES)
        says = "search" in f"{route.path} {route.words}" or (route.path == store and route.method == "GET")
        if name and says and not route.parameters and not _is_asked(route):
            found.append((route, name))
    if not found:
        return
    route, name = min(found, key=lambda one: (not one[0].path.startswith(store), len(one[0].path)))
    where, told = records(route, _named_in_paths(known, store))
    in_query = replace(route, path=f"{route.path}?{name}={{query}}")
    line = sent(in_query, (), "query") if name in route.query else sent(route, (name,), "query")
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
                yield Drafted("get", f"GET {path}{renamed(answered(route), route.parameters[-1])}")
            case "PUT" | "PATCH" if called(route.body, TEXTS):
                yield Drafted("update", sent(route, TEXTS, "text").replace(route.path, path))
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
            name = called(route.body, QUERIES) or called(route.body, TEXTS)
            if name:
                yield Drafted("ask", sent(route, (name,), "query"), "by its name")
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


def _shortest(found: list[Route]) -> Route:
    key: Callable[[Route], int] = lambda one: len(one.path)  # noqa: E731 - typed, for min knows it so
    return min(found, key=key)


def _others(found: list[Any]) -> str:
    return "there are others" if len(found) > 1 else ""
