"""One client, as a browser or an app is one: it sends lines of the file, keeps cookies, follows redirects by hand."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from ...model.credentials import KNOWN_TAG
from ..courtesy import asked_for
from .cookies import set_cookies
from .csrf import Csrf
from .door import Door, Session
from .feeds import Inbox, as_reply, check_feed
from .lines import READS, Line, Values
from .redirects import MOVED, Onward, of_every_request, onward
from .replies import (
    LISTINGS,
    OK,
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
from .shell import variable
from .surroundings import as_shown, conditional
from .telling import Named, Said, Saved, first_lines, from_jar
from .wire import Answer, Asked, WireError

_TOO_MANY, _UNAVAILABLE = 429, 503
_RETRIES = 5
# Who asks for longer than this does not want us now.
_LONGEST_SECONDS = 60.0
_HOPS = 5
# Where a redirect is how the application says that it is done, wherever it leads.
_ENDS = frozenset({"sign_out", "close_account", "sign_up"})


@dataclass(frozen=True, slots=True)
class _Filled:
    """What fills a line and which headers go beside it; each as it is sent, and as it may be shown."""

    values: Values
    shown: Values
    beside: Mapping[str, str] = field(default_factory=dict)
    beside_shown: Mapping[str, str] = field(default_factory=dict)

    def again(self, more: Values, *, with_headers: bool) -> "_Filled":
        """Return what fills the request that this one has led to."""
        beside = (self.beside, self.beside_shown) if with_headers else ({}, {})
        return _Filled({**self.values, **more}, {**self.shown, **more}, *beside)


@dataclass(slots=True)
class Client:
    """Sends requests with what it carries; `session` is None where no sign-in has given that.

    `jar` is what its cookies are told by, and `user` who is just signing in, where there is no session yet.

    Cookies that answers set are kept, as a browser does. Those that are `pinned` stay as they were given, unless they
    are a live session's: of a credential that is none, or no more, each request carries just that.
    """

    door: Door
    carried: Carried = field(default_factory=Carried)
    session: Session | None = None
    jar: str = ""
    user: object = ""
    pinned: frozenset[str] = frozenset()

    def perform(self, line: Line, values: Values) -> Any:  # noqa: ANN401 - as read_reply takes it
        """Return what an operation gives; raises RefusedByApplicationError, or NotAnAnswerError for a crash."""
        answer = self.send(line, values)
        if not self._is_done(line, answer):
            check(line, self._with_body(line, values, answer), self.door.file.sign_in.path)
            if is_page(answer) and answer.body.strip() and answer.body == self.door.blank():
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
            said = Said(line, self._unsecret(values), self.carried, {}, self._named(), status=answer.status, into=into)
            self.door.book.note(said)
            check(line, answer, self.door.file.sign_in.path)
            check_feed(line, answer)
            self.door.feeds[whose, line.name] = inbox
        else:
            self.door.book.note(Said(line, {}, Carried(), {}, into=into))
        return as_reply(inbox.texts())

    def send(
        self, line: Line, values: Values, *, saving: Saved | None = None, carried: Carried | None = None
    ) -> Answer:
        """Return the last answer, whatever it is; raises NotAnAnswerError where none comes, NotTriedError as `build`.

        `carried` is what goes with it where that is not all that this client carries.
        """
        filled = self._with_csrf(line, values, carried or self.carried)
        carried = carried or self.carried
        asked = build(line, filled.values, carried, filled.beside)
        known = None
        if carried.spelling == KNOWN_TAG and asked.method == "GET":
            known = self.door.surroundings.of_another(asked.target, self._whose())
            carried = conditional(carried, known)
            asked = build(line, filled.values, carried, filled.beside)
        filled = replace(filled, shown=self.door.book.named(filled.shown))
        answer, named = self._ask(line, asked), self._named()
        first = first_lines(values)
        for _ in range(_HOPS):
            self._keep(answer)
            after = self._onward(line, filled, asked, answer)
            # What is to be kept lies in the answer that a redirect leads to.
            saved = (saving or self._saved_id(line, answer)) if after is None else None
            told = Said(
                line, filled.shown, carried, filled.beside_shown, named, answer.status, saved, first, answer.kept
            )
            self.door.book.note(told, answer.body if line.name in LISTINGS and answer.status in OK else b"")
            if after is None:
                return as_shown(answer, known)
            line, carried, first, named = after.line, after.carried, (), self._named()
            filled = filled.again(after.values, with_headers=after.repeats)
            asked = replace(build(line, filled.values, carried, filled.beside), target=after.target)
            answer = self._ask(line, asked)
        msg = f"{line.shown} leads from one address to the next, {_HOPS} times"
        raise NotAnAnswerError(msg)

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

    def _onward(self, line: Line, filled: "_Filled", asked: Asked, answer: Answer) -> Onward | None:
        """Return where to follow: not to where users sign in, to another host, or where that is all that is said."""
        after = onward(line, filled.values, asked, answer, self.carried, self.door.wire.base)
        if after is None or self._is_done(line, answer):
            return None
        return None if leads_to_sign_in(line, after.target, self.door.file.sign_in.path) else after

    def _is_done(self, line: Line, answer: Answer) -> bool:
        """Tell whether a redirect is itself the answer."""
        if answer.status not in MOVED:
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
                if live and self.session is not None and name in self.pinned:
                    self.session.renewed[name] = value
        if given:
            self.carried = replace(self.carried, cookies=kept)

    def _with_csrf(self, line: Line, values: Values, carried: Carried) -> "_Filled":
        """Return what fills the line and goes beside it, with the token of a form; each as it may be shown, too."""
        csrf = self.door.file.csrf
        if (
            csrf is None
            or line.name == "csrf"
            or not ("csrf" in line.names or (csrf.header and line.method not in READS))
        ):
            return _Filled(values, self._unsecret(values))
        # For what cannot be sent no token is asked for, either.
        build(line, {**values, "csrf": ""}, carried, {})
        token, name = self._token(csrf)
        shown = {**self._unsecret(values), "csrf": variable(name)}
        headers = {csrf.header: token} if csrf.header else {}
        return _Filled({**values, "csrf": token}, shown, headers, dict.fromkeys(headers, variable(name)))

    def _token(self, csrf: Csrf) -> tuple[str, str]:
        """Return the token that a form of now must carry, and the variable that it is told by."""
        name = self.door.book.new_token()
        if csrf.kind == "cookie" and csrf.name in self.carried.cookies:
            for line in from_jar(name, csrf.name, self._named().jar):
                self.door.book.say(line)
            return self.carried.cookies[csrf.name], name
        page = csrf.page or Line("csrf", "GET", self.door.file.sign_in.path or "/")
        answer = self.send(page, {}, saving=Saved(name, csrf.name, csrf), carried=of_every_request(self.carried))
        return self.carried.cookies.get(csrf.name, "") if csrf.kind == "cookie" else csrf.found(answer), name

    def _saved_id(self, line: Line, answer: Answer) -> Saved | None:
        if line.name != "add":
            return None
        found = as_json(answer)
        place = id_place(line, found, answer)
        known = found_id(place, found, answer)
        return None if known is None else Saved(self.door.book.new_id(known), place)

    def _unsecret(self, values: Values) -> Values:
        if not values.get("password"):
            return values
        user = values.get("user")
        is_wrong = values["password"] == self.door.wrong_password(user)
        return {**values, "password": self.door.book.password(user, wrong=is_wrong)}

    def _named(self) -> Named:
        """Return what the lines call the session, its token, its user, and the jar of its cookies."""
        label, user = (self.session.label, self.session.user) if self.session else (self.jar, self.user)
        token = self.session.token if self.session else ""
        return Named(label, token, str(user), label if self.carried.cookies or self.jar else "")

    def _with_body(self, line: Line, values: Values, answer: Answer) -> Answer:
        """Return what was answered to GET where HEAD was answered alike: a no may stand in the body alone."""
        if self.carried.spelling != "head" or answer.status not in OK:
            return answer
        with suppress(WireError):
            whole = self.door.wire.ask(build(line, values, replace(self.carried, spelling=""), {}))
            return whole if whole.status == answer.status else answer
        return answer

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
