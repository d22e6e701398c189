"""One client, as a browser or an app is one: it sends lines of the file, keeps cookies, follows redirects by hand."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from ...model.credentials import KNOWN_TAG
from ..courtesy import asked_for
from .app_file import AppFile
from .cookies import set_cookies
from .csrf import Csrf
from .feeds import Inbox, as_reply, check_feed
from .lines import READS, Line, Values
from .passwords import password_of
from .replies import (
    NotAnAnswerError,
    RefusedByApplicationError,
    as_json,
    check,
    found_id,
    id_place,
    is_page,
    leads_to_sign_in,
    reply,
)
from .requests import Carried, build
from .surroundings import Surroundings, as_shown, conditional
from .telling import Book, Said, Saved, first_lines, variable
from .wire import Answer, Asked, Wire, WireError

_TOO_MANY, _UNAVAILABLE = 429, 503
_RETRIES = 5
# Who asks for longer than this does not want us now.
_LONGEST_SECONDS = 60.0
_HOPS = 5
_NOWHERE = "/memfence-looks-for-nothing-here"
_ERRORS = 400
_MOVED, _AGAIN = frozenset({301, 302, 303}), frozenset({307, 308})
# Where a redirect is how the application says that it is done, wherever it leads.
_ENDS = frozenset({"sign_out", "close_account", "sign_up"})


@dataclass(slots=True)
class Session:
    """A credential that a sign-in gave: whose it is, and what it is called in the lines that are told.

    `token` is the part of it that a variable stands for. It is `live` until somebody signs out.
    """

    user: object
    label: str
    token: str = ""
    live: bool = True


@dataclass(frozen=True, slots=True)
class Door:
    """What all clients of an application share; `left` is told whose account was closed."""

    wire: Wire
    file: AppFile
    book: Book
    sleep: Callable[[float], object] = time.sleep
    blanks: list[bytes] = field(default_factory=list)
    left: Callable[[object], None] = lambda _: None
    surroundings: Surroundings = field(default_factory=Surroundings)
    feeds: dict[tuple[str, str], Inbox] = field(default_factory=dict)

    def blank(self) -> bytes:
        """Return what the application answers where nothing is: many answer 200 with a page of their own."""
        if not self.blanks:
            with suppress(WireError):
                answer = self.wire.ask(Asked("GET", _NOWHERE, (("Accept", "text/html"),)))
                self.blanks.append(answer.body if answer.status < _ERRORS else b"")
        return self.blanks[0] if self.blanks else b""

    def end_feeds(self) -> None:
        """End each subscription: whoever comes next subscribes anew."""
        while self.feeds:
            self.feeds.popitem()[1].end()

    def password(self, user: object) -> str:
        """Return a user's password."""
        return password_of(user)


@dataclass(slots=True)
class Client:
    """Sends requests with what it carries; `session` is None where no sign-in has given that.

    Cookies that answers set are kept, as a browser does. Those that are `pinned` stay as they were given, unless they
    are a live session's: of a credential that is none, or no more, each request carries just that.
    """

    door: Door
    carried: Carried = field(default_factory=Carried)
    session: Session | None = None
    jar: str = ""
    pinned: frozenset[str] = frozenset()

    def perform(self, line: Line, values: Values) -> Any:  # noqa: ANN401 - as read_reply takes it
        """Return what an operation gives; raises RefusedByApplicationError, or NotAnAnswerError for a crash."""
        answer = self.send(line, values)
        if not self._is_done(line, answer):
            check(line, answer, self.door.file.sign_in.path)
            if is_page(answer) and answer.body == self.door.blank():
                msg = f"{line.shown} answered HTTP {answer.status} with the page that it has for whatever is not there"
                raise RefusedByApplicationError(msg, 404)
        return reply(line, answer)

    def subscribe(self, line: Line, values: Values) -> dict[str, Any]:
        """Return all that has come by a feed since this session has subscribed to it, which it does when it first asks.

        Raises as `perform`.
        """
        whose = self._whose() or repr(self.carried)
        into = f"{self._whose() or self.jar or 'nobody'}.{line.name}"
        inbox = self.door.feeds.get((whose, line.name))
        if inbox is None:
            inbox = Inbox()
            asked = build(line, values, self.carried, {})
            try:
                self.door.wire.listen(asked, inbox)
                answer = inbox.opened()
            except WireError as error:
                msg = f"{line.shown}: {error}"
                raise NotAnAnswerError(msg) from None
            said = Said(line, self._unsecret(values), self.carried, {}, *self._named(), status=answer.status, into=into)
            self.door.book.note(said)
            check(line, answer, self.door.file.sign_in.path)
            check_feed(line, answer)
            self.door.feeds[whose, line.name] = inbox
        else:
            self.door.book.note(Said(line, {}, Carried(), {}, into=into))
        return as_reply(inbox.texts())

    def send(self, line: Line, values: Values, *, saving: Saved | None = None) -> Answer:
        """Return the last answer, whatever it is; raises NotAnAnswerError where none comes."""
        values, shown, beside, beside_shown = self._with_csrf(line, values)
        carried = self.carried
        asked = build(line, values, carried, beside)
        known = None
        if carried.spelling == KNOWN_TAG and asked.method == "GET":
            known = self.door.surroundings.of_another(asked.target, self._whose())
            carried = conditional(carried, known)
            asked = build(line, values, carried, beside)
        answer = self._ask(line, asked)
        saving = saving or self._saved_id(line, answer)
        said = Said(
            line,
            self.door.book.named(shown),
            carried,
            beside_shown,
            *self._named(),
            status=answer.status,
            saved=saving,
            first=first_lines(values),
            kept=answer.kept,
        )
        self.door.book.note(said)
        self._keep(answer)
        return self._followed(line, asked, as_shown(answer, known))

    def _ask(self, line: Line, asked: Asked) -> Answer:
        for attempt in range(_RETRIES + 1):
            try:
                answer = self.door.wire.ask(asked)
            except WireError as error:
                msg = f"{line.shown}: {error}"
                raise NotAnAnswerError(msg) from None
            seconds = _wait_for(answer, attempt)
            if seconds is None:
                break
            self.door.sleep(seconds)
        self.door.surroundings.note(asked, answer, self.carried, self._whose())
        return answer

    def _followed(self, line: Line, asked: Asked, answer: Answer) -> Answer:
        """Follow redirects, but not to where users sign in, to another host, or where one is all that is said."""
        for _ in range(_HOPS):
            where = answer.header("location")
            moved = answer.status in _MOVED or answer.status in _AGAIN
            if not where or not moved or self._is_done(line, answer):
                return answer
            address = urlsplit(urljoin(f"{self.door.wire.base}{asked.target}", where))
            base = urlsplit(self.door.wire.base)
            if (address.scheme, address.netloc) != (base.scheme, base.netloc):
                return answer
            if leads_to_sign_in(line, address.path, self.door.file.sign_in.path):
                return answer
            path = address.path.removeprefix(base.path.rstrip("/")) or "/"
            following = Line(line.name, "GET" if answer.status in _MOVED else asked.method, path, where=line.where)
            carried = self.carried
            again = build(following, {}, replace(carried, spelling=""), {})
            again = replace(again, target=f"{path}?{address.query}" if address.query else path)
            if answer.status in _AGAIN:
                again = replace(again, body=asked.body, headers=asked.headers)
            asked, answer = again, self._ask(line, again)
            self.door.book.note(Said(following, {}, carried, {}, *self._named(), status=answer.status))
            self._keep(answer)
        msg = f"{line.shown} leads from one address to the next, {_HOPS} times"
        raise NotAnAnswerError(msg)

    def _is_done(self, line: Line, answer: Answer) -> bool:
        """Tell whether a redirect is itself the answer."""
        if answer.status not in _MOVED:
            return False
        is_header = bool(line.where) and line.where.lower() == "location"
        return line.name in _ENDS or (
            is_header and not leads_to_sign_in(line, answer.header("location"), self.door.file.sign_in.path)
        )

    def _keep(self, answer: Answer) -> None:
        kept = dict(self.carried.cookies)
        given = set_cookies(answer)
        live = self.session is not None and self.session.live
        for name, value in given.items():
            if name in self.pinned and not live:
                continue
            if value is None:
                kept.pop(name, None)
            else:
                kept[name] = value
        if given:
            self.carried = replace(self.carried, cookies=kept)

    def _with_csrf(self, line: Line, values: Values) -> tuple[Values, Values, Mapping[str, str], Mapping[str, str]]:
        """Return what fills the line and goes beside it, with the token of a form; each as it may be shown, too."""
        csrf = self.door.file.csrf
        if (
            csrf is None
            or line.name == "csrf"
            or not ("csrf" in line.names or (csrf.header and line.method not in READS))
        ):
            return values, self._unsecret(values), {}, {}
        token, name = self._token(csrf)
        shown = {**self._unsecret(values), "csrf": variable(name)}
        headers = {csrf.header: token} if csrf.header else {}
        return {**values, "csrf": token}, shown, headers, dict.fromkeys(headers, variable(name))

    def _token(self, csrf: Csrf) -> tuple[str, str]:
        """Return the token that a form of now must carry, and the variable that it is told by."""
        name = self.door.book.new_token()
        if csrf.kind == "cookie" and csrf.name in self.carried.cookies:
            return self.carried.cookies[csrf.name], name
        page = csrf.page or Line("csrf", "GET", self.door.file.sign_in.path or "/")
        answer = self.send(page, {}, saving=Saved(name, csrf.name, csrf))
        return self.carried.cookies.get(csrf.name, "") if csrf.kind == "cookie" else csrf.found(answer), name

    def _saved_id(self, line: Line, answer: Answer) -> Saved | None:
        if line.name != "add":
            return None
        found = as_json(answer)
        place = id_place(line, found, answer)
        known = found_id(place, found, answer)
        return None if known is None else Saved(self.door.book.new_id(known), place)

    def _unsecret(self, values: Values) -> Values:
        return {**values, "password": self.door.book.password(values.get("user"))} if "password" in values else values

    def _named(self) -> tuple[str, str, str]:
        """Return what the lines call the session, its token, and the jar of its cookies."""
        label = self.session.label if self.session else self.jar
        token = self.session.token if self.session else ""
        return label, token, label if self.carried.cookies or self.jar else ""

    def _whose(self) -> str:
        return self.session.label if self.session else ""


def _wait_for(answer: Answer, attempt: int) -> float | None:
    """Return the seconds to wait before a request is sent again, None where the answer stands."""
    after = answer.header("retry-after")
    # A server that is down says 503, too, and no time.
    if attempt == _RETRIES or not (answer.status == _TOO_MANY or (answer.status == _UNAVAILABLE and after)):
        return None
    seconds = asked_for(after or None, attempt)
    return seconds if seconds <= _LONGEST_SECONDS else None
