"""Signing out is something that the browser does."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.session_table import SessionTable
from ...targets.application.sessions import Sessions
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request


class _Stays(SessionTable):
    async def remove(self, session_id: str) -> None:
        del session_id


class _CookieOnly(Sessions):
    async def end(self, request: "Request") -> None:
        (await self.opened(request)).clear()


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def sign_out_clears_cookie_only(client: Client) -> Application:
    """Signing out takes the cookie away from the browser; the session on the server goes on."""
    return Application(client, Parts(sessions=_CookieOnly, table=_Stays))
