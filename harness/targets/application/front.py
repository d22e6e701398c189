"""What stands before the application, as a CDN does: it keeps what everybody may see, and nothing else."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from .clock import Clock

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers: TypeAlias = list[tuple[bytes, bytes]]
Request: TypeAlias = MutableMapping[str, Any]

PUBLIC = b"public, max-age=60"
PRIVATE = b"no-store"
_SECONDS = 60.0
_OPEN = frozenset({"/about", "/style.css", "/icon.svg"})
_OK = 200


# How much is kept: answers, and bytes of each.
MOST = 256
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    headers: Headers
    body: bytes


class Front:
    """Serves public answers again for a minute. A breakage replaces one of its methods.

    It keeps 256 answers at most, the newest, each of at most a megabyte. What it will not keep it passes on unread: a
    stream never ends.
    """

    def __init__(self, app: "ASGIApp", clock: Clock) -> None:
        """Take what it stands before."""
        self.app = app
        self.clock = clock
        self._kept: dict[object, _Kept] = {}

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer from what is kept, or pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        key = self.key_of(scope)
        kept = self._kept.get(key)
        if kept is not None and self.clock.now() < kept.until:
            await send({"type": "http.response.start", "status": _OK, "headers": list(kept.headers)})
            await send({"type": "http.response.body", "body": kept.body})
            return
        copying: _Copy | None = None

        async def watch(message: "Message") -> None:
            nonlocal copying
            if message["type"] == "http.response.start":
                headers = [*message["headers"], (b"cache-control", self.said_of(scope))]
                message = {**message, "headers": headers}
                copying = _Copy(headers) if self.may_keep(scope, message["status"], headers) else None
            elif copying is not None and not copying.take(message):
                copying = None
            await send(message)

        await self.app(scope, receive, watch)
        if copying is not None and copying.whole:
            self._keep(key, copying)

    def _keep(self, key: object, copy: "_Copy") -> None:
        now = self.clock.now()
        self._kept = {one: kept for one, kept in self._kept.items() if now < kept.until and one != key}
        if len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = _Kept(now + _SECONDS, self.kept_of(copy.headers), bytes(copy.body))

    def key_of(self, scope: Request) -> object:
        """Return under what an answer is kept."""
        return scope["method"], scope["path"], scope["query_string"]

    def said_of(self, scope: Request) -> bytes:
        """Return what caches are told of an answer: whatever is a user's is kept by nobody."""
        return PUBLIC if scope["method"] == "GET" and scope["path"] in _OPEN else PRIVATE

    def may_keep(self, scope: Request, status: int, headers: Headers) -> bool:
        """Tell whether an answer is for everybody."""
        return status == _OK and scope["method"] == "GET" and (b"cache-control", PUBLIC) in headers

    def kept_of(self, headers: Headers) -> Headers:
        """Return the headers that are kept: a cookie is one browser's."""
        return [(name, value) for name, value in headers if name.lower() != b"set-cookie"]


class _Copy:
    """What has been sent of an answer that may be kept."""

    __slots__ = ("body", "headers", "whole")

    def __init__(self, headers: Headers) -> None:
        self.headers = headers
        self.body = bytearray()
        self.whole = False

    def take(self, message: "Message") -> bool:
        """Add a part; tell whether it is still small enough to be kept."""
        self.body += message.get("body", b"")
        self.whole = not message.get("more_body", False)
        return len(self.body) <= LARGEST
