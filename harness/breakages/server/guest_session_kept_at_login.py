"""The session of a guest becomes that of a user."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.accounts import Account
from ...targets.application.sessions import Sessions
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request


class _Kept(Sessions):
    async def begin(self, request: "Request", account: Account) -> None:
        session = await self.opened(request)
        session.clear()
        session.update(name=account.name, number=account.number)


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def guest_session_kept_at_login(client: Client) -> Application:
    """The id of a guest's session stays after signing in: who knew it before is signed in, too."""
    return Application(client, Parts(sessions=_Kept))
