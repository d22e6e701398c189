"""A public answer sets the cookie of a session anew."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.clock import Clock
from ...targets.application.front import Front, Headers, Request
from ...targets.application.whole import COOKIE, Application, Parts
from ..planted import Layer, breakage

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _Lasting:
    """Sets the cookie that came once more, so that it lasts as long as its user is there."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        cookies = b"; ".join(value for name, value in scope.get("headers", ()) if name == b"cookie").split(b"; ")
        own = [one for one in cookies if one.startswith(f"{COOKIE}=".encode())]

        async def lasting(message: "Message") -> None:
            if message["type"] == "http.response.start":
                again = [(b"set-cookie", one + b"; path=/; httponly; samesite=lax") for one in own]
                known = [pair for pair in message["headers"] if not (own and pair[0] == b"set-cookie")]
                message = {**message, "headers": [*known, *again]}
            await send(message)

        await self._app(scope, receive, lasting)


class _WithCookies(Front):
    def __init__(self, app: "ASGIApp", clock: Clock) -> None:
        super().__init__(_Lasting(app), clock)

    def may_keep(self, scope: Request, status: int, headers: Headers) -> bool:
        del scope, status, headers
        return False


@breakage(Layer.SERVER, caught_by="cacheable", applies_to=("app",))
def cookie_may_be_cached(client: Client) -> Application:
    """A page that caches may keep sets the session's cookie anew: a CDN may give it to the next visitor."""
    return Application(client, Parts(front=_WithCookies))
