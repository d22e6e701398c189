"""Who signs in where somebody was signed in."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.accounts import Account, Claim
from ...targets.application.sessions import Sessions
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request


class _Left(Sessions):
    async def claim_of(self, request: "Request") -> Claim | None:
        return None if "out" in await self.opened(request) else await super().claim_of(request)

    async def begin(self, request: "Request", account: Account) -> None:
        session = await self.opened(request)
        handler = request.scope["session_handler"]
        handler.session_id = self.new_id()
        session.pop("out", None)
        session.setdefault("name", account.name)
        session.setdefault("number", account.number)

    async def end(self, request: "Request") -> None:
        (await self.opened(request))["out"] = True


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def session_left_to_next_user(client: Client) -> Application:
    """Signing out marks the session and does not empty it: who signs in next in that browser is the last user."""
    return Application(client, Parts(sessions=_Left))
