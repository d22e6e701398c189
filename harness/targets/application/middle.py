"""The middle of the application: token -> user id -> ScopedMemory, for each request anew."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...scoped.wrappers.scoped import ScopedMemory
from .accounts import Account, Accounts
from .sessions import Sessions
from .tokens import API, Tokens

if TYPE_CHECKING:
    from starlette.requests import Request


class Middle:
    """Who asks, and that one's memory. A breakage replaces one of its methods."""

    def __init__(self, client: Client, accounts: Accounts, sessions: Sessions, tokens: Tokens) -> None:
        """Take mem0's client, which all share, and what tells who asks."""
        self.client = client
        self.accounts = accounts
        self.sessions = sessions
        self.tokens = tokens

    async def account_of(self, request: "Request") -> Account | None:
        """Return who asks, by the bearer token where there is one, else by the session; None for nobody."""
        token = token_of(request)
        claim = await self.sessions.claim_of(request) if token is None else self.tokens.claim_of(token, API)
        return None if claim is None else self.accounts.known(claim)

    def memory_of(self, account: Account) -> ScopedMemory:
        """Return the memory of this user: no later call can reach another's."""
        return ScopedMemory(account.user_id, client=self.client)


def token_of(request: "Request") -> str | None:
    """Return the token that a request bears, None where it bears none."""
    said = request.headers.get("authorization")
    return None if said is None else said.removeprefix("Bearer ")
