"""A line of the file, what fills it and what is carried beside it become one request."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

from ...model.around import ELSEWHERE
from ...model.channels import Channel
from ...model.credentials import OTHER_ORIGIN
from ...performing.credentials import NotTriedError
from .lines import PAGE, Line, Values
from .wire import Asked

# Where it is said, by which name, and what: beside the credential, in each request.
Claim: TypeAlias = tuple[str, str, str]
_AGENT = "memfence"
TAG, SINCE = "If-None-Match", "If-Modified-Since"
_AGAIN = " again"
# What a cookie's value may be made of (RFC 6265); what else stands in one is sent as it is, but for line ends.
_LINE_ENDS = re.compile(r"[\r\n\x00]")


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes with each request of a session."""

    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    claim: Claim | None = None
    spelling: str = ""


def carried_of(credential: Mapping[str, str]) -> Carried:
    """Return what a credential puts into each request; raises ValueError for a place that is none."""
    places: dict[str, dict[str, str]] = {"cookie": {}, "header": {}, "query": {}}
    for where, text in credential.items():
        place, _, name = where.partition(" ")
        if place not in places or not name:
            msg = f"a credential goes into 'cookie NAME', 'header NAME' or 'query NAME', got {where!r}"
            raise ValueError(msg)
        places[place][name] = text
    return Carried(places["cookie"], places["header"], places["query"])


def build(line: Line, values: Values, carried: Carried, beside: Mapping[str, str]) -> Asked:
    """Return the request; `beside` are further headers.

    Raises TypeError for what cannot be said in JSON, NotTriedError for a claim that has no place in the request, and
    for a text that no request can carry: half of a pair of surrogates.
    """
    try:
        return _built(line, values, carried, beside)
    except UnicodeEncodeError as error:
        msg = f"{line.shown} cannot carry {error.object[error.start : error.end]!r}, which is no character"
        raise NotTriedError(msg) from None


def _built(line: Line, values: Values, carried: Carried, beside: Mapping[str, str]) -> Asked:
    place, name, value = carried.claim or ("", "", "")
    if place == "path" and name not in line.names:
        msg = f"{line.shown} names no {name} in its path"
        raise NotTriedError(msg)
    if place == "path":
        values = {**values, name: value}
    target = line.target(values)
    query = {**carried.query, **({name: value} if place == "query" else {})}
    if query:
        target += f"{'&' if '?' in target else '?'}{urlencode(query, quote_via=quote)}"
    headers = {"User-Agent": _AGENT, "Accept": _accepted(line)}
    body = b"" if line.body is None else line.body.filled(values)
    if line.body is not None:
        headers["Content-Type"] = line.body.content_type
    if place == "body":
        body, headers["Content-Type"] = _claimed(line, body, name, value)
    cookies = {**carried.cookies, **({name: value} if place == "cookie" else {})}
    if cookies:
        headers["Cookie"] = "; ".join(f"{_name(key)}={_LINE_ENDS.sub('', one)}" for key, one in cookies.items())
    headers |= {**carried.headers, **beside, **({name: value} if place == "header" else {})}
    sent = tuple((_name(key), _said(one)) for key, one in headers.items())
    return _spelt(Asked(line.method, target, sent, body), line, carried.spelling)


def _accepted(line: Line) -> str:
    if line.name == Channel.EVENTS:
        return "text/event-stream"
    return "text/html" if line.where == PAGE else "application/json, text/html"


def _name(key: str) -> str:
    """Return the name of a cookie or a header: `session again` is a second one of that name."""
    return key.removesuffix(_AGAIN)


def _said(value: str) -> str:
    return _LINE_ENDS.sub("", value).encode("latin-1", "replace").decode("latin-1")


def _claimed(line: Line, body: bytes, name: str, value: str) -> tuple[bytes, str]:
    """Return a body that says one thing more; raises NotTriedError where it is a text that has no place for it."""
    if line.body is not None and line.body.kind == "text":
        msg = f"{line.shown} sends {line.body.content_type}, where nothing can be said beside"
        raise NotTriedError(msg)
    if line.body is not None and line.body.kind == "form":
        return body + b"&" * bool(body) + urlencode({name: value}, quote_via=quote).encode(), line.body.content_type
    said: Any = json.loads(body) if body else {}
    if isinstance(said, dict):
        said = {**said, name: value}
    return json.dumps(said).encode(), "application/json"


def _spelt(asked: Asked, line: Line, spelling: str) -> Asked:
    """Return a request that says the same, as some servers and not others understand it."""
    path, mark, query = asked.target.partition("?")
    match spelling:
        case "doubled slash":
            return replace(asked, target=f"/{asked.target}")
        case "trailing slash":
            return replace(asked, target=f"{path.rstrip('/')}/{mark}{query}")
        case "dot segment":
            return replace(asked, target=f"/%2e{asked.target}")
        case "upper case":
            # The name of a record stays as it is: in capitals it would be another one.
            pairs = zip(line.path.split("/"), path.split("/"), strict=True)
            upper = "/".join(part if "{" in template else part.upper() for template, part in pairs)
            return replace(asked, target=f"{upper}{mark}{query}")
        case "suffix":
            return replace(asked, target=f"{path}.css{mark}{query}")
        case spelling if spelling == OTHER_ORIGIN:
            return replace(asked, headers=(*asked.headers, ("Origin", ELSEWHERE)))
        case "head":
            return replace(asked, method="HEAD") if asked.method == "GET" else asked
        case "method override":
            headers = (*asked.headers, ("X-HTTP-Method-Override", asked.method))
            return replace(asked, method="POST", headers=headers)
        case _:
            return asked
