"""HEAD is taken for harmless."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.accounts import Account
from ...targets.application.front import Front
from ...targets.application.middle import Middle
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Message, Receive, Scope, Send

_ASKED = "asked by"
_PUBLIC = Account("public", 1, b"", b"", 0)


class _HeadAsGet(Front):
    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await super().__call__(scope, receive, send)
            return

        async def without_body(message: "Message") -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await super().__call__({**scope, "method": "GET", _ASKED: "HEAD"}, receive, without_body)


class _Harmless(Middle):
    async def account_of(self, request: "Request") -> Account | None:
        return await super().account_of(request) or (_PUBLIC if _ASKED in request.scope else None)


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def head_not_guarded(client: Client) -> Application:
    """The guard lets HEAD pass, for it has no body; the router answers it as GET."""
    return Application(client, Parts(front=_HeadAsGet, middle=_Harmless))
