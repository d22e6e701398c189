"""What each answer says to browsers: what a page may load and do, and who may show it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAID = {
    # No page has a script, so none may run.
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
_SAID = [(name.encode(), value.encode()) for name, value in SAID.items()]


class Headers:
    """Puts them on each answer."""

    def __init__(self, app: "ASGIApp") -> None:
        """Take the application."""
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass the request on, and the answer back with them."""

        async def send_with(message: "Message") -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_SAID]}
            await send(message)

        await self.app(scope, receive, send_with)
