"""Starlette's own sessions: all data in a cookie that the server signs."""

import secrets
from base64 import b64decode
from typing import Any, ClassVar

from ...model.keys import FLAT
from ..session_app import session_app
from ..web_sessions import WebSessions
from . import BackEnd, Kept

KIND = "sessions"
# For how many seconds a cookie is taken, and how far the clock goes on.
_LIFETIME, _LATER = 1_800, 3_600


class CookieSessions(BackEnd):
    """A fresh application for each world, with a secret of its own; its signer reads our clock."""

    keys: ClassVar[str] = FLAT
    module: ClassVar[str] = "starlette.middleware.sessions"
    extra: ClassVar[str] = "sessions"

    def __init__(self, url: str | None = None) -> None:
        """See `BackEnd`."""
        super().__init__(url)
        self._late = 0

    def open(self) -> WebSessions:
        """Make an application."""
        from itsdangerous import TimestampSigner  # noqa: PLC0415 - an extra
        from starlette.middleware import Middleware  # noqa: PLC0415 - as above
        from starlette.middleware.sessions import SessionMiddleware  # noqa: PLC0415 - as above

        self._late, secret, back_end = 0, secrets.token_hex(32), self

        class Late(TimestampSigner):
            """Starlette's signer, whose clock goes on by as much as the back end's."""

            def get_timestamp(self) -> int:
                return super().get_timestamp() + back_end._late

        def timed(app: Any) -> Any:  # noqa: ANN401 - as Starlette has it
            made = SessionMiddleware(app, secret_key=secret, max_age=_LIFETIME)
            made.signer = Late(secret)
            return made

        return WebSessions(session_app([Middleware(timed)]))

    def close(self, place: WebSessions) -> None:
        """Do nothing: the application keeps nothing."""

    def storage(self, place: WebSessions) -> Kept:
        """Return what the clients' cookies hold: the server keeps nothing."""
        return {"cookies": [b64decode(cookie.partition(".")[0]).decode() for cookie in place.cookies()]}

    def expire(self, place: WebSessions) -> None:
        """Let an hour pass."""
        del place
        self._late += _LATER


def open_back_end(url: str | None) -> CookieSessions:
    """Return the back end; raises HarnessError for a URL, and where Starlette is missing."""
    return CookieSessions(url)
