"""An answer becomes what a memory returns, or the error that it is: a login page is a no, an error page a crash."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from . import pointers
from .documents import as_card, as_plain, is_xml, several
from .envelopes import says_no
from .lines import PAGE, Line
from .pages import page_records
from .wire import Answer

OK, _REDIRECT, _CLIENTS_FAULT, _SERVERS_FAULT = range(200, 300), range(300, 400), range(400, 500), range(500, 600)
_CREATED = 201
# Too many requests and time-outs say nothing about whose the record is.
_NO_ANSWER = frozenset({408, 425, 429})
_SIGN_IN = re.compile(
    r"(?:^|[/._-])(?:log-?in|sign-?in|sso|oauth2?|auth(?:enticate|orize)?)(?:[/._?-]|$)", re.IGNORECASE
)
_PASSWORD = re.compile(r"<input\b[^>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)
_ACTION = re.compile(r"<form\b[^>]*\baction\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_LIST_NAMES = ("results", "memories", "data", "items")
# Where an id may lie, if the file does not say it.
_IDS = ("/id", "/memory_id", "/results/0/id", "/0/id", "/data/id", "/memory/id", "/_id", "/uuid")
_ALIASES = ("_id", "uuid")
# So much of a text stands in a message; what would be a leak stands at its beginning or nowhere near.
_MOST = 20_000
# What may be a page for people, whatever is said of it.
IN_WORDS = frozenset({"ask", "page", "export"})
LISTINGS = frozenset({"search", "get_all", "history", "export", "list", "query"})
WRITES = frozenset({"add", "put", "update", "delete", "delete_all", "clear", "close_account", "sign_out", "sign_up"})
# The names of a line by which users sign in.
SIGNING = frozenset({"sign_in", "loginEndpointAuth"})


class RefusedByApplicationError(PermissionError):
    """The application said no."""

    def __init__(self, message: str, status: int) -> None:
        """Take what it said, and its HTTP status: 401 where it showed a login page instead."""
        super().__init__(message)
        self.status_code = status


class NotAnAnswerError(Exception):
    """The application failed: an error page, a broken answer, or none; that is no isolation."""

    def __init__(self, message: str, status: int | None = None) -> None:
        """Take what happened, with the request."""
        super().__init__(message)
        self.status_code = status


def as_json(answer: Answer) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON of an answer, MISSING where it is none."""
    try:
        return json.loads(answer.body)
    except ValueError:
        return pointers.MISSING


def is_page(answer: Answer) -> bool:
    """Tell whether the answer is HTML."""
    kind = answer.header("content-type")
    return "html" in kind or (not kind and answer.body.lstrip()[:1] == b"<")


def leads_to_sign_in(line: Line, address: str, sign_in: str) -> bool:
    """Tell whether a redirect's address is where users sign in; of a sign-in itself, by that very address alone."""
    path = urlsplit(address).path
    if path == sign_in or line.name in SIGNING:
        return path == sign_in
    return bool(_SIGN_IN.search(path)) or bool(_SIGN_IN.search(urlsplit(address).netloc))


def check(line: Line, answer: Answer, sign_in: str) -> None:
    """Raise what an answer is that shows nothing: RefusedByApplicationError or NotAnAnswerError."""
    status = answer.status
    if status in OK:
        if is_page(answer) and _asks_to_sign_in(line, answer, sign_in):
            msg = f"{line.shown} answered HTTP {status} with a page to sign in"
            raise RefusedByApplicationError(msg, 401)
        if says_no(as_json(answer)):
            msg = f"{line.shown} answered HTTP {status}, and says no: {_said(answer)}"
            raise RefusedByApplicationError(msg, 403)
        return
    said = _said(answer)
    if status in _CLIENTS_FAULT and status not in _NO_ANSWER:
        msg = f"{line.shown} answered HTTP {status}: {said}{_hint(answer, said)}"
        raise RefusedByApplicationError(msg, status)
    if status in _REDIRECT:
        where = answer.header("location")
        msg = f"{line.shown} answered HTTP {status} and leads to {where or 'nowhere'}"
        if where and leads_to_sign_in(line, where, sign_in):
            raise RefusedByApplicationError(msg, 401)
        raise NotAnAnswerError(msg)
    msg = f"{line.shown} answered HTTP {status}: {said}"
    raise NotAnAnswerError(msg, status if status in _SERVERS_FAULT or status in _NO_ANSWER else None)


def reply(line: Line, answer: Answer) -> Any:  # noqa: ANN401 - as read_reply takes it
    """Return what the operation gives, as a memory of any kind would; raises NotAnAnswerError where it is none."""
    if not answer.body.strip():
        return _with_id(line, None, answer)
    if is_page(answer):
        if line.name in IN_WORDS:
            return unescape(answer.text)
        if line.where == PAGE:
            return page_records(answer.text, line.element, dict(line.fields).get("id", ""))
        if line.name in WRITES:
            return _with_id(line, unescape(answer.text), answer)
        msg = f"{line.shown} answered with an HTML page: write '-> page li' behind it if each <li> is a record"
        raise NotAnAnswerError(msg)
    if line.where == PAGE:
        return answer.text
    found = _found(line, answer)
    if line.name == "ask":
        # An answer in words, and what it is made of: one text.
        return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    if line.name in WRITES:
        return _with_id(line, found, answer)
    return _records(line, found, several if is_xml(answer) else pointers.found)


def _found(line: Line, answer: Answer) -> Any:  # noqa: ANN401 - JSON
    """Return what an answer holds that is no page; raises NotAnAnswerError where it is not what it says it is."""
    found = as_plain(answer) if is_xml(answer) else as_json(answer)
    if found is not pointers.MISSING:
        return found
    if is_xml(answer) or "json" in answer.header("content-type"):
        msg = f"{line.shown} answered with {'XML' if is_xml(answer) else 'JSON'} that is none: {_said(answer)}"
        raise NotAnAnswerError(msg)
    return as_card(answer.text)


def id_place(line: Line, found: Any, answer: Answer) -> str:  # noqa: ANN401 - JSON
    """Return where the id of what was stored lies: a pointer, a header's name, or nothing."""
    if line.where:
        return line.where
    for place in _IDS:
        if isinstance(pointers.found(found, place), (str, int)):
            return place
    return "Location" if answer.status == _CREATED and answer.header("location") else ""


def found_id(place: str, found: Any, answer: Answer) -> str | None:  # noqa: ANN401 - as above
    """Return the id that lies there, None where none does."""
    if place and not place.startswith("/"):
        # Of an address the last part is the record, and its other characters are escaped there.
        last = _last(answer.header(place.lower()))
        return (unquote(last) if place.lower() == "location" else last) or None
    value = pointers.found(found, place) if place else None
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def _is_address(place: str, value: object) -> bool:
    """Tell whether what lies there is an address, as in `href`."""
    return isinstance(value, str) and pointers.steps(place)[-1:] == ("href",)


def _last(address: str) -> str:
    return urlsplit(address).path.rstrip("/").rpartition("/")[2]


def _with_id(line: Line, found: Any, answer: Answer) -> Any:  # noqa: ANN401 - as above
    if line.name != "add":
        return found
    place = id_place(line, found, answer)
    known = found_id(place, found, answer)
    if known is None:
        if line.where:
            msg = f"{line.shown} answered without {line.where}, where its file says that the id is: {_said(answer)}"
            raise NotAnAnswerError(msg)
        return found
    return {"results": [{"id": known}], "beside": found}


def _records(line: Line, found: Any, lying: Callable[[Any, str], Any]) -> Any:  # noqa: ANN401 - as above
    line = line if line.where or line.name not in LISTINGS else replace(line, where=_only_list(found))
    inside = lying(found, line.where) if line.where else found
    if inside is pointers.MISSING:
        msg = f"{line.shown} answered without {line.where}, where its file says that the records are"
        raise NotAnAnswerError(msg)
    rest = pointers.without(found, line.where) if line.where else None
    listed = inside if isinstance(inside, list) else None
    if listed is None and line.where and not isinstance(inside, Mapping):
        listed = [] if inside is None else [inside]
    if listed is None:
        return inside if rest is None and not isinstance(inside, Mapping) else _beside(_renamed(line, inside), rest)
    records = [_renamed(line, one) for one in listed]
    return records if rest is None else {"results": records, "beside": rest}


def _only_list(found: Any) -> str:  # noqa: ANN401 - as above
    """Return the way to the one list of an answer, if it is called as no other application calls it."""
    if not isinstance(found, Mapping) or not {"id", *_LIST_NAMES}.isdisjoint(found):
        return ""
    lists = [key for key, value in found.items() if isinstance(value, list)]
    return f"/{lists[0]}".replace("~", "~0") if len(lists) == 1 and "/" not in lists[0] else ""


def _beside(record: Any, rest: Any) -> Any:  # noqa: ANN401 - as above
    return record if rest is None else {"results": [record], "beside": rest}


def _renamed(line: Line, record: Any) -> Any:  # noqa: ANN401 - as above
    """Give the parts of a record our names; what they were called stays beside them."""
    if not isinstance(record, Mapping):
        return record
    made = dict(record)
    for name, theirs in line.fields:
        value = pointers.found(record, theirs)
        if value is not pointers.MISSING:
            # An address leads to the record; its last part is what the application calls it.
            made[name] = unquote(_last(value)) if _is_address(theirs, value) else value
            if "/" not in theirs.strip("/") and theirs != name:
                made.pop(theirs.strip("/"), None)
    is_envelope = any(isinstance(made.get(name), (list, Mapping)) for name in _LIST_NAMES)
    if "id" not in made and "memory_id" not in made and not is_envelope:
        made |= next(({"id": made[one]} for one in _ALIASES if isinstance(made.get(one), (str, int))), {})
    return made


def _asks_to_sign_in(line: Line, answer: Answer, sign_in: str) -> bool:
    if not _PASSWORD.search(answer.text):
        return False
    # A page of one's own account may ask for the password, too, and sends it elsewhere.
    actions = [urlsplit(unescape(action)).path for action in _ACTION.findall(answer.text)]
    return (line.where != PAGE and line.name not in IN_WORDS) or any(
        leads_to_sign_in(line, action, sign_in) for action in actions
    )


def _said(answer: Answer) -> str:
    text = unescape(answer.text) if is_page(answer) else answer.text
    return " ".join(text.split())[:_MOST] or "nothing"


def _hint(answer: Answer, said: str) -> str:
    if answer.status in (400, 403, 419, 422) and ("csrf" in said.lower() or "xsrf" in said.lower()):
        return " (where every change needs a CSRF token, say csrf = ... in the application's file)"
    return ""
