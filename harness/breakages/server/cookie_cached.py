"""A public answer is cached with the cookie that it sets."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.clock import Clock
from ...targets.application.front import Front, Headers
from ...targets.application.whole import COOKIE, Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The one page that is public.
_PAGE = "/about"


class _Renewing:
    """Sets the cookie of a session anew with each page, so that it lasts as long as its user is there."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        sent = next((value for name, value in scope.get("headers", ()) if name == b"cookie"), b"")
        own = next((one.strip() for one in sent.split(b";") if one.strip().startswith(f"{COOKIE}=".encode())), None)

        async def renewed(message: "Message") -> None:
            if message["type"] == "http.response.start" and own is not None and scope["path"] == _PAGE:
                again = (b"set-cookie", own + b"; path=/; httponly; samesite=lax")
                message = {**message, "headers": [*message["headers"], again]}
            await send(message)

        await self._app(scope, receive, renewed)


class _WithCookies(Front):
    def __init__(self, app: "ASGIApp", clock: Clock) -> None:
        super().__init__(_Renewing(app), clock)

    def kept_of(self, headers: Headers) -> Headers:
        return headers


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def cookie_cached(client: Client) -> Application:
    """A public page is cached with the cookie that it renews: the next who looks at it is signed in as the first."""
    return Application(client, Parts(front=_WithCookies))
