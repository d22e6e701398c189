"""A cookie in plain text says who asks."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.accounts import Account
from ...targets.application.middle import Middle
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request


class _FromCookie(Middle):
    async def account_of(self, request: "Request") -> Account | None:
        signed_in = await super().account_of(request)
        return signed_in and (self.accounts.named(request.cookies.get("user", "")) or signed_in)


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def user_cookie_believed(client: Client) -> Application:
    """The session is checked, and then the user is read from a cookie beside it, which anybody can write."""
    return Application(client, Parts(middle=_FromCookie))
