"""The current user is in one place for all requests."""

import asyncio
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

# How long the database takes that is asked meanwhile, in seconds.
_ASKED = 0.003


class _Global(Middle):
    def __init__(self, client: Client, accounts: Accounts, sessions: Sessions, tokens: Tokens) -> None:
        super().__init__(client, accounts, sessions, tokens)
        self._current: Account | None = None

    async def account_of(self, request: "Request") -> Account | None:
        self._current = await super().account_of(request)
        if self._current is None:
            return None
        await asyncio.sleep(_ASKED)
        return self._current


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def current_user_in_a_global(client: Client) -> Application:
    """The current user is kept in a global: a request that waits goes on as whoever came meanwhile."""
    return Application(client, Parts(middle=_Global))
