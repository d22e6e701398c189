"""Subscriptions to an ASGI application in this process: a stream of events, or a WebSocket."""

import asyncio
from collections.abc import Callable, Coroutine, MutableMapping
from typing import Any, TypeAlias

from .feeds import ENDED, STREAM
from .wire import Answer, Inbox

_Message: TypeAlias = MutableMapping[str, Any]
_Send: TypeAlias = Callable[[_Message], Coroutine[Any, Any, None]]
_Receive: TypeAlias = Callable[[], Coroutine[Any, Any, _Message]]
# Asks the application with these two.
Ask: TypeAlias = Callable[[_Receive, _Send], Coroutine[Any, Any, None]]
_OK, _FORBIDDEN = 200, 403
# What a server says where an application fails: why is written to its log, and nobody outside is told.
FAILED = Answer(500, (("content-type", "text/plain; charset=utf-8"),), b"Internal Server Error")


async def stream(ask: Ask, inbox: Inbox) -> None:
    """Put each event into the inbox for as long as the application sends some; another answer is taken whole."""
    first: list[_Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    begun: list[Answer] = []
    parts: list[bytes] = []

    async def receive() -> _Message:
        # Nobody leaves before the end of the world.
        return first.pop() if first else await asyncio.get_running_loop().create_future()

    async def send(message: _Message) -> None:
        if message["type"] == "http.response.start":
            answer = Answer(message["status"], _fields(message))
            begun.append(answer)
            if answer.status == _OK and answer.header("content-type").startswith(STREAM):
                inbox.open(answer)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))
            inbox.feed(message.get("body", b""))

    await _asked(ask, receive, send, inbox)
    for answer in begun:
        inbox.open(Answer(answer.status, answer.headers, b"".join(parts)))


async def socket(ask: Ask, inbox: Inbox) -> None:
    """Put each message into the inbox; whoever is not let in is answered as by a server, with 403."""
    first: list[_Message] = [{"type": "websocket.connect"}]
    accepted: list[bool] = []

    async def receive() -> _Message:
        return first.pop() if first else await asyncio.get_running_loop().create_future()

    async def send(message: _Message) -> None:
        match message["type"]:
            case "websocket.accept":
                accepted.append(True)
                inbox.open(Answer(_OK, _fields(message)))
            case "websocket.send":
                inbox.put(message.get("text") or bytes(message.get("bytes") or b"").decode(errors="replace"))
            case "websocket.close" if not accepted:
                inbox.open(Answer(_FORBIDDEN, (), str(message.get("reason") or "").encode()))
            case "websocket.close":
                inbox.leave(int(message.get("code") or 1000))
            case "websocket.http.response.start":
                inbox.open(Answer(message["status"], _fields(message)))

    await _asked(ask, receive, send, inbox)


async def _asked(ask: Ask, receive: _Receive, send: _Send, inbox: Inbox) -> None:
    try:
        await ask(receive, send)
    except Exception:  # noqa: BLE001 - a server answers 500 to whatever is not caught
        inbox.open(FAILED)
        inbox.close("the application has failed")
    finally:
        inbox.close(ENDED)


def _fields(message: _Message) -> tuple[tuple[str, str], ...]:
    return tuple(
        (bytes(key).decode("latin-1").lower(), bytes(value).decode("latin-1"))
        for key, value in message.get("headers", ())
    )
