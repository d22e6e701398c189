"""One line of the file is one request: `POST /memories {text} -> /id`."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qsl, quote

from ...base.errors import TargetError, nearest
from .documents import escaping

# What may stand in braces; those that may be left out are what an audit passes only at times.
OPTIONAL = ("limit", "metadata", "infer")
NAMES = ("user", "password", "text", "query", "id", "key", "uuid", "csrf", "token", *OPTIONAL)
# What says, behind the arrow, that the answer is a page for people.
PAGE = "page"
# What opens a WebSocket, in the place of a method.
SOCKET = "WS"
READS = ("GET", "HEAD", "PROPFIND", "REPORT")
_METHODS = (*READS, "POST", "PUT", "PATCH", "DELETE", "MKCOL", SOCKET)
_FORM = re.compile(r"(?P<method>[A-Za-z]+)\s+(?P<path>/\S*)(?:\s+(?P<body>\S.*))?", re.DOTALL)
_IN_BRACES = re.compile(r"\{(\w+)\}")
_BARE = re.compile(r"\{\s*\w+\s*(?:,\s*\w+\s*)*\}")
_RENAMED = re.compile(r"(\w+)=(\S+)")
# A media type, and a text of that type: `text/vcard BEGIN:VCARD`.
_TYPED = re.compile(r"(?P<type>[a-z]+/[\w.+-]+)\s+(?P<text>\S.*)", re.DOTALL)

Values: TypeAlias = Mapping[str, object]
# What has nothing inside, lists and dicts of it: JSON.
Plain: TypeAlias = Any
_LEFT_OUT = object()


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries: JSON, the pairs of a form, or a text of another type; braces in it are filled."""

    kind: Literal["json", "form", "text"]
    content: Plain
    content_type: str

    def filled(self, values: Values) -> bytes:
        """Return it as bytes; raises TypeError for what JSON cannot say."""
        if self.kind == "json":
            return json.dumps(_filled(self.content, values)).encode()
        if self.kind == "text":
            escaped = escaping(self.content_type)
            return _text(self.content, {name: escaped(str(value)) for name, value in values.items()}).encode()
        return _encoded(self.content, values).encode()


@dataclass(frozen=True, slots=True)
class Line:
    """A request as the file writes it.

    `path` and each value of `query` may have names in braces. `where` is a JSON pointer to what counts of the answer,
    the name of one of its headers, or `page`; of a page each `element` is a record. `fields` are pairs of our name and
    the application's for parts of a record.
    """

    name: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Body | None = None
    where: str = ""
    element: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> str:
        """The request in a message: braces are not filled, for what fills them may be anybody's."""
        return f"{self.method} {self.path}"

    @property
    def names(self) -> frozenset[str]:
        """What stands in braces."""
        return frozenset(_names((self.path, self.query, self.body.content if self.body else None)))

    def target(self, values: Values) -> str:
        """Return path and query with each brace filled and escaped."""
        path = "/".join(_segment(part, values) for part in self.path.split("/"))
        query = _encoded(self.query, values)
        return f"{path}?{query}" if query else path


def read_line(name: str, text: object) -> Line:
    """Read a line of the file; raises TargetError, which says what is wrong and how it is written."""
    if not isinstance(text, str):
        raise _wrong(name, f"must be a line such as 'GET /memories', got {text!r}")
    request, arrow, behind = text.rpartition(" -> ")
    request, behind = (request, behind) if arrow else (text, "")
    found = _FORM.fullmatch(request.strip())
    if found is None or found["method"].upper() not in _METHODS:
        raise _wrong(name, f"is no request: write 'GET /memories', or 'POST /memories {{text}} -> /id'; got {text!r}")
    where, element, fields = _behind(name, behind)
    path, _, query = found["path"].partition("?")
    line = Line(
        name=name,
        method=found["method"].upper(),
        path=path,
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        body=read_body(name, found["body"]),
        where=where,
        element=element,
        fields=fields,
    )
    for one in sorted(line.names.difference(NAMES)):
        raise _wrong(name, f"has {{{one}}}, which nothing fills; {nearest(one, NAMES)}")
    return line


def check_names(line: Line, needed: Iterable[str], allowed: Iterable[str]) -> None:
    """Raise TargetError where a line lacks a name that it cannot do without, or has one that nothing fills there."""
    allowed = (*needed, *allowed, "user", "uuid", "csrf")
    for one in needed:
        if one not in line.names:
            raise _wrong(line.name, f"must have {{{one}}} in its path or its body; got '{line.shown}'")
    for one in sorted(line.names.difference(allowed)):
        raise _wrong(line.name, f"has {{{one}}}, which is not there yet; {nearest(one, dict.fromkeys(allowed))}")


def _wrong(name: str, what: str) -> TargetError:
    msg = f"{name} in the application's file {what}"
    return TargetError(msg)


def _behind(name: str, text: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Return where the answer lies, of a page which element a record is, and how its parts are called."""
    words = text.split()
    where = words.pop(0) if words and "=" not in words[0] else ""
    element = words.pop(0) if where == PAGE and words and "=" not in words[0] else ""
    pairs = [_RENAMED.fullmatch(word) for word in words]
    if None in pairs:
        raise _wrong(name, f"has {text!r} behind ->: write '/items', '/items id=noteId text=body' or 'page li'")
    return where, element, tuple((pair[1], pair[2]) for pair in pairs if pair is not None)


def read_body(name: str, text: str | None) -> Body | None:
    """Read what a request carries; raises TargetError where it is neither a name, JSON nor a form."""
    if text is None:
        return None
    if _BARE.fullmatch(text):
        names = [one.strip() for one in text.strip("{}").split(",")]
        return json_body({one: f"{{{one}}}" for one in names})
    if text.startswith(("{", "[")):
        try:
            return json_body(json.loads(text))
        except ValueError as error:
            raise _wrong(name, f"has a body that is no JSON ({error}): {text}") from None
    typed = _TYPED.fullmatch(text)
    if typed:
        return Body("text", typed["text"], typed["type"])
    pairs = parse_qsl(text, keep_blank_values=True)
    if not pairs or "=" not in text:
        raise _wrong(
            name,
            f"has a body that is none: write {{text}}, JSON, a form such as text={{text}}, or a type and a text; "
            f"got {text}",
        )
    return form_body(pairs)


def json_body(content: Plain) -> Body:
    """Return a body of JSON."""
    return Body("json", content, "application/json")


def form_body(pairs: Iterable[tuple[str, str]]) -> Body:
    """Return a body as a form sends it."""
    return Body("form", tuple(pairs), "application/x-www-form-urlencoded")


def _names(inside: Plain) -> Iterator[str]:
    match inside:
        case str():
            yield from _IN_BRACES.findall(inside)
        case Mapping():
            for key, value in inside.items():
                yield from (*_names(key), *_names(value))
        case list() | tuple():
            for value in inside:
                yield from _names(value)
        case _:
            return


def _text(template: str, values: Values) -> str:
    if "{" not in template:
        return template
    return _IN_BRACES.sub(lambda found: str(values.get(found[1], "")), template)


def _only(template: str) -> str | None:
    """Return the one name that a text consists of."""
    found = _IN_BRACES.fullmatch(template)
    return found[1] if found else None


def _filled(inside: Plain, values: Values) -> Plain:
    match inside:
        case str():
            name = _only(inside)
            if name is None:
                return _text(inside, values)
            value = values.get(name)
            # A user's id that is a list stays one; what is passed only at times is left out at other times.
            return _LEFT_OUT if value is None and name in OPTIONAL else value
        case Mapping():
            found = {_text(key, values): _filled(value, values) for key, value in inside.items()}
            return {key: value for key, value in found.items() if value is not _LEFT_OUT}
        case list():
            return [value for one in inside if (value := _filled(one, values)) is not _LEFT_OUT]
        case _:
            return inside


def _encoded(pairs: Iterable[tuple[str, str]], values: Values) -> str:
    filled = (
        (key, _text(template, values))
        for key, template in pairs
        if not ((name := _only(template)) in OPTIONAL and values.get(name or "") is None)
    )
    return "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in filled)


def _segment(template: str, values: Values) -> str:
    if "{" not in template:
        return template
    filled = _IN_BRACES.sub(lambda found: quote(str(values.get(found[1], "")), safe=""), template)
    # Whoever reads a path takes these for steps in it, and the id would never arrive.
    return filled.replace(".", "%2E") if filled in (".", "..") else filled
