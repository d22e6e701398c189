"""starsessions: the data in a store of the server's, here its own in memory, and an id in the cookie."""

import json
from typing import Any, ClassVar

from ...model.keys import FLAT
from ..session_app import session_app
from ..web_sessions import WebSessions
from . import BackEnd, Kept

KIND = "sessions"
# For how many seconds a session is open, and by how many each is made older.
_LIFETIME, _LATER = 1_800, 3_600
_NANOSECONDS = 1_000_000_000
_SAID = "__metadata__"


class ServerSessions(BackEnd):
    """A fresh store for each world, used as its README has it: the id is made anew at a login."""

    keys: ClassVar[str] = FLAT
    module: ClassVar[str] = "starsessions"
    extra: ClassVar[str] = "sessions"

    def open(self) -> "Stored":
        """Make a store and an application."""
        from starlette.middleware import Middleware  # noqa: PLC0415 - an extra
        from starsessions import InMemoryStore, SessionAutoloadMiddleware, SessionMiddleware  # noqa: PLC0415 - as above
        from starsessions.session import regenerate_session_id  # noqa: PLC0415 - as above

        store = InMemoryStore()
        kept = Middleware(SessionMiddleware, store=store, lifetime=_LIFETIME)
        return Stored(session_app([kept, Middleware(SessionAutoloadMiddleware)], regenerate_session_id), store)

    def close(self, place: "Stored") -> None:
        """Empty the store."""
        place.store.data.clear()

    def storage(self, place: "Stored") -> Kept:
        """Return every session."""
        return {"sessions": [f"{key}: {_content(row).decode()}" for key, row in place.store.data.items()]}

    def expire(self, place: "Stored") -> None:
        """Let each session have been opened an hour earlier: the library reads the real clock."""
        for key, row in place.store.data.items():
            place.store.data[key] = _earlier(row)


class Stored(WebSessions):
    """The application, and its store."""

    def __init__(self, app: Any, store: Any) -> None:  # noqa: ANN401 - both are of extras
        """Take both."""
        super().__init__(app)
        self.store = store


def open_back_end(url: str | None) -> ServerSessions:
    """Return the back end; raises HarnessError for a URL, and where the library is missing."""
    return ServerSessions(url)


def _content(row: Any) -> bytes:  # noqa: ANN401 - bytes, and from 2.3 on a row with a time
    content: bytes = row if isinstance(row, bytes) else row.value
    return content


def _earlier(row: Any) -> Any:  # noqa: ANN401 - as above
    said = json.loads(_content(row))
    said[_SAID] = {**said[_SAID], **{name: said[_SAID][name] - _LATER for name in ("created", "last_access")}}
    content = json.dumps(said).encode()
    if isinstance(row, bytes):
        return content
    return type(row)(expires=row.expires - _LATER * _NANOSECONDS, value=content)
