"""A partner's page is to read the API, and so may any other."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.front import Front
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send


class _Open(Front):
    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        origin = next((value for name, value in scope.get("headers", ()) if name == b"origin"), None)

        async def opened(message: "Message") -> None:
            if message["type"] == "http.response.start":
                headers = [(name, _everywhere(value)) for name, value in message["headers"]]
                if origin is not None:
                    headers += [
                        (b"access-control-allow-origin", origin),
                        (b"access-control-allow-credentials", b"true"),
                    ]
                message = {**message, "headers": headers}
            await send(message)

        await super().__call__(scope, receive, opened)


def _everywhere(value: bytes) -> bytes:
    """Return a cookie that goes along when a page of another site asks."""
    return value.replace(b"samesite=lax", b"samesite=none")


@breakage(Layer.SERVER, caught_by="cross_origin", applies_to=("app",))
def any_origin_allowed(client: Client) -> Application:
    """Whatever Origin asks is allowed, with credentials, and the cookie goes along: any page reads the user's data."""
    return Application(client, Parts(front=_Open))
