"""The query says who asks."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.accounts import Account
from ...targets.application.middle import Middle
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request


class _FromQuery(Middle):
    async def account_of(self, request: "Request") -> Account | None:
        return self.accounts.named(request.query_params.get("user_id", "")) or await super().account_of(request)


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def user_id_from_query(client: Client) -> Application:
    """A user id in the query, put there for an administrator's page, wins over the session."""
    return Application(client, Parts(middle=_FromQuery))
