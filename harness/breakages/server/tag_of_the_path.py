"""What has not changed is not sent again."""

import hashlib
from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.front import Front, Headers, Request
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send


class _Tagged(Front):
    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await super().__call__(scope, receive, send)
            return
        address = scope["path"].encode() + b"?" + scope["query_string"]
        tag = b'"' + hashlib.sha256(address).hexdigest()[:16].encode() + b'"'
        if any(name == b"if-none-match" and value == tag for name, value in scope["headers"]):
            await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", tag)]})
            await send({"type": "http.response.body", "body": b""})
            return

        async def tagged(message: "Message") -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"etag", tag)]}
            await send(message)

        await super().__call__(scope, receive, tagged)

    def said_of(self, scope: Request) -> bytes:
        return b"private, no-cache" if scope["method"] == "GET" else super().said_of(scope)

    def may_keep(self, scope: Request, status: int, headers: Headers) -> bool:
        del scope, status, headers
        return False


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def tag_of_the_path(client: Client) -> Application:
    """The tag of an answer is made of its address: the next user of a browser is told that the last one's holds."""
    return Application(client, Parts(front=_Tagged))
