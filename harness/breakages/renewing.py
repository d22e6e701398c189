"""The application renews a cookie on its public page, in which breakages of what stands before it are planted."""

from typing import TYPE_CHECKING

from ..targets.application.whole import COOKIE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAGE = "/about"


class Renewing:
    """Sets the cookie of a session anew with the public page, so that it lasts as long as its user is there."""

    def __init__(self, app: "ASGIApp") -> None:
        """Take the application."""
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on, and the answer back with the cookie that came."""
        sent = next((value for name, value in scope.get("headers", ()) if name == b"cookie"), b"")
        own = next((one.strip() for one in sent.split(b";") if one.strip().startswith(f"{COOKIE}=".encode())), None)

        async def renewed(message: "Message") -> None:
            if message["type"] == "http.response.start" and own is not None and scope["path"] == _PAGE:
                again = (b"set-cookie", own + b"; path=/; httponly; samesite=lax")
                message = {**message, "headers": [*message["headers"], again]}
            await send(message)

        await self._app(scope, receive, renewed)
