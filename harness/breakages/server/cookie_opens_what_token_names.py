"""One credential is checked, and another one believed."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.accounts import Account
from ...targets.application.middle import Middle, token_of
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request


class _EitherWillDo(Middle):
    async def account_of(self, request: "Request") -> Account | None:
        claim = await self.sessions.claim_of(request)
        if claim is None:
            return await super().account_of(request)
        return self.accounts.named(token_of(request) or "") or self.accounts.known(claim)


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def cookie_opens_what_token_names(client: Client) -> Application:
    """Where a valid cookie comes with an Authorization header, the header's name is taken for the user unchecked."""
    return Application(client, Parts(middle=_EitherWillDo))
