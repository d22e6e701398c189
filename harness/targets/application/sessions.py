"""Sessions of browsers: begun at sign-in, under an id that nobody knew before, and dead after sign-out."""

import hmac
import secrets
from typing import TYPE_CHECKING, Any

from .accounts import Account, Claim
from .session_table import SessionTable

if TYPE_CHECKING:
    from starlette.requests import Request

# How long one lives, in seconds.
LIFETIME = 8 * 3600


class Sessions:
    """Who is signed in by which cookie. A breakage replaces one of its methods.

    The cookie holds an id and nothing else; starsessions carries it, and keeps what the session holds in the table.
    """

    def __init__(self, table: SessionTable) -> None:
        """Take where sessions lie."""
        self.table = table

    async def opened(self, request: "Request") -> dict[str, Any]:
        """Return what the session of a request holds; an id that the server did not give is not taken over."""
        handler = request.scope["session_handler"]
        if not handler.is_loaded:
            await handler.load()
            if handler.initially_empty:
                # starsessions gives it a new one as soon as something is to be kept.
                handler.session_id = None
        session: dict[str, Any] = request.session
        return session

    def new_id(self) -> str:
        """Return an id for who signs in, that nobody can guess."""
        return secrets.token_urlsafe(32)

    async def claim_of(self, request: "Request") -> Claim | None:
        """Return who is signed in, None for nobody."""
        session = await self.opened(request)
        return Claim(session["name"], session["number"]) if "name" in session else None

    async def begin(self, request: "Request", account: Account) -> None:
        """Sign in: the session that the browser had is ended, and nothing of it goes on."""
        session = await self.opened(request)
        handler = request.scope["session_handler"]
        await self._ended(handler.session_id)
        session.clear()
        handler.session_id = self.new_id()
        session.update(name=account.name, number=account.number)

    async def end(self, request: "Request") -> None:
        """Sign out: the session is gone from the server, and no answer that is under way brings it back."""
        session = await self.opened(request)
        await self._ended(request.scope["session_handler"].session_id)
        session.clear()

    async def form_token(self, request: "Request") -> str:
        """Return what a form of this session must bring back: another site's page cannot know it."""
        session = await self.opened(request)
        token: str = session.setdefault("form", secrets.token_urlsafe(32))
        return token

    async def is_own_form(self, request: "Request", token: str) -> bool:
        """Tell whether a form was given to this session."""
        expected = (await self.opened(request)).get("form", "")
        return bool(expected) and hmac.compare_digest(expected.encode(), token.encode("utf-8", "surrogatepass"))

    async def _ended(self, session_id: str | None) -> None:
        if session_id is not None:
            await self.table.remove(session_id)
