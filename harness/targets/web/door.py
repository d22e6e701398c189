"""What all clients of an application share; and a session, which is one client's."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from .app_file import AppFile
from .feeds import Inbox
from .passwords import password_of
from .requests import Carried
from .surroundings import Surroundings
from .telling import Book
from .wire import Asked, Wire, WireError

_NOWHERE = "/memfence-looks-for-nothing-here"
_ERRORS = 400


@dataclass(slots=True)
class Session:
    """A credential that a sign-in gave: whose it is, and what it is called in the lines that are told.

    `token` is the part of it that a variable stands for. It is `live` until somebody signs out. `renewed` are the
    cookies that answers have put in the place of those that the sign-in gave.
    """

    user: object
    label: str
    token: str = ""
    live: bool = True
    renewed: dict[str, str] = field(default_factory=dict, repr=False)


def as_it_is_now(carried: Carried, session: Session | None) -> Carried:
    """Return what a live session's browser carries by now: an application may renew its cookie with each answer."""
    if session is None or not session.live:
        return carried
    return replace(carried, cookies={**carried.cookies, **session.renewed})


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

    def wrong_password(self, user: object) -> str:
        """Return one that is not this user's."""
        return password_of((user, "wrong"))
