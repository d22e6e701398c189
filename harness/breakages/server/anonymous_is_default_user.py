"""Who has not signed in is somebody."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.accounts import Account
from ...targets.application.middle import Middle
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request

_DEFAULT = Account("default", 1, b"", b"", 0)


class _Default(Middle):
    async def account_of(self, request: "Request") -> Account | None:
        return await super().account_of(request) or _DEFAULT


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def anonymous_is_default_user(client: Client) -> Application:
    """Who has not signed in is the user called default, as in development: all strangers share one memory."""
    return Application(client, Parts(middle=_Default))
