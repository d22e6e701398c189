"""The user of the request before."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.accounts import Account, Accounts
from ...targets.application.middle import Middle
from ...targets.application.sessions import Sessions
from ...targets.application.tokens import Tokens
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request


class _NotReset(Middle):
    def __init__(self, client: Client, accounts: Accounts, sessions: Sessions, tokens: Tokens) -> None:
        super().__init__(client, accounts, sessions, tokens)
        self._context: dict[str, Account] = {}

    async def account_of(self, request: "Request") -> Account | None:
        found = await super().account_of(request)
        if found is not None:
            self._context["user"] = found
        return self._context.get("user")


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def context_not_reset(client: Client) -> Application:
    """The worker's context is not reset after a request: one without a session goes on as the user before."""
    return Application(client, Parts(middle=_NotReset))
