"""The application as one thing: its parts, the routes, and what stands around these."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from ...base.errors import TargetError
from ...real_mem0.client import Client
from .headers import Headers
from .parts import SOUND, Assembled, Parts
from .sessions import LIFETIME

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["APP_FILE", "COOKIE", "Application", "Parts"]

COOKIE = "session"
# How it is spoken to, for who audits it.
APP_FILE = Path(__file__).with_name("app.toml")


class Application(Assembled):
    """The reference application, as an ASGI application."""

    def __init__(self, client: Client, parts: Parts = SOUND) -> None:
        """Put the parts and the routes together; raises TargetError where packages are missing."""
        super().__init__(client, parts)
        self._whole = parts.front(self._around(_routes()), self.clock)

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
