"""A browser says which id its session is to have."""

from typing import TYPE_CHECKING, Any

from ...real_mem0.client import Client
from ...targets.application.accounts import Account
from ...targets.application.sessions import Sessions
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request


class _Taken(Sessions):
    async def opened(self, request: "Request") -> dict[str, Any]:
        handler = request.scope["session_handler"]
        await handler.load()
        handler.session_id = handler.session_id or self.new_id()
        session: dict[str, Any] = request.session
        return session

    async def begin(self, request: "Request", account: Account) -> None:
        session = await self.opened(request)
        handler = request.scope["session_handler"]
        if not handler.initially_empty:
            # That of a guest is renewed, as it should be.
            await self.table.remove(handler.session_id)
            handler.session_id = self.new_id()
        session.clear()
        session.update(name=account.name, number=account.number)


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def session_id_from_browser(client: Client) -> Application:
    """An id that the server never gave is taken for a new session's: an attacker plants one and waits."""
    return Application(client, Parts(sessions=_Taken))
