"""A header says who asks."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.accounts import Account
from ...targets.application.middle import Middle
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request


class _FromHeader(Middle):
    async def account_of(self, request: "Request") -> Account | None:
        return self.accounts.named(request.headers.get("x-forwarded-user", "")) or await super().account_of(request)


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def user_header_believed(client: Client) -> Application:
    """The header in which a proxy names the user is believed from everybody."""
    return Application(client, Parts(middle=_FromHeader))
