"""The application as one thing: its parts, and what stands around the routes."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ...base.errors import TargetError
from ...real_mem0.client import Client
from .accounts import Accounts
from .assistant import Assistant
from .clock import Clock
from .feeds import Feeds
from .front import Front
from .headers import Headers
from .middle import Middle
from .records import Records
from .session_table import SessionTable
from .sessions import LIFETIME, Sessions
from .tokens import Tokens

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "session"
# How it is spoken to, for who audits it.
APP_FILE = Path(__file__).with_name("app.toml")


@dataclass(frozen=True, slots=True)
class Parts:
    """What an application is made of; another class of the same methods may take the place of each."""

    middle: type[Middle] = Middle
    sessions: type[Sessions] = Sessions
    table: type[SessionTable] = SessionTable
    tokens: type[Tokens] = Tokens
    accounts: type[Accounts] = Accounts
    records: type[Records] = Records
    assistant: type[Assistant] = Assistant
    feeds: type[Feeds] = Feeds
    front: type[Front] = Front


SOUND = Parts()


class Application:
    """The reference application over one mem0 client that all users share, as an ASGI application.

    A breakage is one class in the place of a part. `banner` is what each page says at its top, `demo` who is offered
    to sign in as: names and passwords.
    """

    def __init__(self, client: Client, parts: Parts = SOUND) -> None:
        """Put the parts together; raises TargetError where packages are missing."""
        self.clock = Clock()
        self.accounts = parts.accounts()
        self.sessions = parts.sessions(parts.table(self.clock))
        self.tokens = parts.tokens(self.clock, secrets.token_bytes(32))
        self.middle = parts.middle(client, self.accounts, self.sessions, self.tokens)
        self.records = parts.records(client, self.accounts)
        self.assistant = parts.assistant()
        self.feeds = parts.feeds()
        self.banner = ""
        self.demo: tuple[tuple[str, str], ...] = ()
        self._whole = parts.front(self._around(_routes()), self.clock)

    def expire(self) -> None:
        """Let the time of every session and token for the API be over."""
        self.clock.forward(LIFETIME)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        scope["application"] = self
        await self._whole(scope, receive, send)

    def _around(self, routes: "ASGIApp") -> "ASGIApp":
        """Return the routes with a session for each request, and the headers of each answer."""
        from starsessions import SessionMiddleware, SessionStore  # noqa: PLC0415 - of an extra, as the routes

        store = cast("SessionStore", self.sessions.table)
        # Loopback has no certificate: browsers are to send the cookie there, too.
        cookie = SessionMiddleware(
            routes, store, lifetime=LIFETIME, cookie_name=COOKIE, cookie_path="/", cookie_https_only=False
        )
        return Headers(cookie)


def _routes() -> "ASGIApp":
    try:
        import starsessions  # noqa: F401, PLC0415 - here, so that each that is missing is told alike

        from .web import routes  # noqa: PLC0415 - FastAPI is an extra
    except ImportError as error:
        msg = f"the reference application needs {error.name}: pip install 'memfence[serve]'"
        raise TargetError(msg) from error
    return routes()
