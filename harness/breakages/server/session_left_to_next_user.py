"""Who signs in where somebody was signed in."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.accounts import Account
from ...targets.application.application import Application, Parts
from ...targets.application.sessions import Sessions
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request


class _Left(Sessions):
    async def begin(self, request: "Request", account: Account) -> None:
        session = await self.opened(request)
        handler = request.scope["session_handler"]
        await self.table.remove(handler.session_id)
        handler.session_id = self.new_id()
        session.setdefault("name", account.name)
        session.setdefault("number", account.number)


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def session_left_to_next_user(client: Client) -> Application:
    """Signing in gives the session a new id and does not empty it: the next user of the browser is the last one."""
    return Application(client, Parts(sessions=_Left))
