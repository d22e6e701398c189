"""Requests to an ASGI application in this process: no port, no network, each answer after the one before it."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, MutableMapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLateError
from contextlib import suppress
from typing import Any, TypeAlias
from urllib.parse import unquote

from ...base.errors import TargetError
from ...base.wording import in_one_line
from .lines import SOCKET
from .subscribed import FAILED, socket, stream
from .wire import SECONDS, Answer, Asked, Inbox, WireError

# What an ASGI application is, by its specification.
Application: TypeAlias = Callable[..., Coroutine[Any, Any, None]]
_Message: TypeAlias = MutableMapping[str, Any]
# Where the lines of a report say that it is served.
BASE = "http://127.0.0.1:8000"


class InProcess:
    """Carries requests to an application, whose event loop is a thread's own until `close`.

    Requests of several threads meet in that loop as they would in a server. The application's lifespan is run, where
    it has one.
    """

    def __init__(self, application: Application) -> None:
        """Start the application; raises TargetError where it cannot be started."""
        self.base = BASE
        self._application = application
        self._state: dict[str, Any] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="memfence application", daemon=True)
        self._thread.start()
        self._lifespan = _Lifespan(application, self._state)
        try:
            failed = self._wait(self._lifespan.begin())
        except WireError:
            failed = f"its startup has not ended after {SECONDS:.0f} s: look at what it waits for, such as a database"
        if failed:
            self._stop()
            msg = f"the application could not be started: {failed}"
            raise TargetError(msg)

    def ask(self, asked: Asked) -> Answer:
        """Return the answer; an error that the application does not catch is a 500, as a server makes it."""
        answer: Answer = self._wait(self._ask(asked))
        return answer

    def listen(self, asked: Asked, inbox: Inbox) -> None:
        """Subscribe: what comes is put into the inbox, until that is ended."""
        kind = "websocket" if asked.method == SOCKET else "http"

        async def ask(receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has them
            await self._application(self._scope(asked, kind), receive, send)

        subscribed = socket(ask, inbox) if asked.method == SOCKET else stream(ask, inbox)
        inbox.end = asyncio.run_coroutine_threadsafe(subscribed, self._loop).cancel

    def call_named(self, name: str) -> None:
        """Call what has this name in the application, such as `state.clock.expire`, where the application runs.

        Raises TargetError where there is no such thing, or it fails.
        """

        async def called() -> None:
            found: Any = self._application
            for part in name.split("."):
                found = getattr(found, part)
            result = found()
            if asyncio.iscoroutine(result):
                await result

        try:
            self._wait(called())
        except Exception as error:
            msg = f"{name}() of the application failed: {in_one_line(error, frozenset())}"
            raise TargetError(msg) from error

    def close(self) -> None:
        """End the application; once more does no harm."""
        if self._loop.is_closed():
            return
        with suppress(WireError):
            self._wait(self._lifespan.end())
        self._stop()

    def _wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - what the coroutine returns
        future: Future[Any] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result(SECONDS)
        except TooLateError:
            future.cancel()
            msg = f"the application did not answer within {SECONDS:.0f} s"
            raise WireError(msg) from None

    def _run(self) -> None:
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(_cancelled_others())
        finally:
            self._loop.close()

    def _stop(self) -> None:
        """End the loop; one that the application's own code holds up ends when that lets go of it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)

    async def _ask(self, asked: Asked) -> Answer:
        exchange = _Exchange(asked.body)
        try:
            await self._application(self._scope(asked), exchange.receive, exchange.send)
        except Exception:  # noqa: BLE001 - a server answers 500 to whatever is not caught
            if exchange.status is None:
                return FAILED
        return exchange.answer(asked.method)

    def _scope(self, asked: Asked, kind: str = "http") -> dict[str, Any]:
        path, _, query = asked.target.partition("?")
        headers = [(b"host", BASE.partition("//")[2].encode()), *_as_bytes(asked.headers)]
        if asked.body:
            headers.append((b"content-length", str(len(asked.body)).encode()))
        of_kind: dict[str, Any] = {"method": asked.method} if kind == "http" else {"subprotocols": []}
        return {
            "type": kind,
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": "http" if kind == "http" else "ws",
            "path": unquote(path),
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8000),
            "state": dict(self._state),
            **of_kind,
        }


class _Exchange:
    """One request and its answer, as an application receives and sends them."""

    def __init__(self, body: bytes) -> None:
        self.status: int | None = None
        self._body = body
        self._received = False
        self._headers: tuple[tuple[str, str], ...] = ()
        self._parts: list[bytes] = []
        self._done = asyncio.Event()

    async def receive(self) -> _Message:
        if self._received:
            await self._done.wait()
            return {"type": "http.disconnect"}
        self._received = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: _Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._headers = tuple(
                (bytes(key).decode("latin-1").lower(), bytes(value).decode("latin-1"))
                for key, value in message.get("headers", ())
            )
        elif message["type"] == "http.response.body":
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                self._done.set()

    def answer(self, method: str) -> Answer:
        if self.status is None:
            msg = "the application ended a request without an answer"
            raise WireError(msg)
        return Answer(self.status, self._headers, b"" if method == "HEAD" else b"".join(self._parts))


class _Lifespan:
    """The application's own start and end."""

    def __init__(self, application: Application, state: dict[str, Any]) -> None:
        self._application = application
        self._state = state
        self._told: asyncio.Queue[_Message] | None = None
        self._said: asyncio.Queue[str] | None = None
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> str:
        """Start it; return what went wrong. An application that knows no lifespan has started."""
        self._told, self._said = asyncio.Queue(), asyncio.Queue()
        self._task = asyncio.create_task(self._run())
        await self._told.put({"type": "lifespan.startup"})
        return await self._said.get()

    async def end(self) -> None:
        if self._told is not None and self._task is not None and not self._task.done():
            await self._told.put({"type": "lifespan.shutdown"})
            await self._task

    async def _run(self) -> None:
        assert self._told is not None  # noqa: S101 - begin has made it
        assert self._said is not None  # noqa: S101 - as above
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self._state}
        # As servers do: one that raises at once has no lifespan.
        with suppress(Exception):
            await self._application(scope, self._told.get, self._send)
        await self._said.put("")

    async def _send(self, message: _Message) -> None:
        assert self._said is not None  # noqa: S101 - as above
        if message["type"] == "lifespan.startup.complete":
            await self._said.put("")
        elif message["type"] == "lifespan.startup.failed":
            lines = str(message.get("message", "")).strip().splitlines()
            await self._said.put(lines[-1] if lines else "its lifespan failed")


def _as_bytes(headers: tuple[tuple[str, str], ...]) -> list[tuple[bytes, bytes]]:
    return [(key.lower().encode("latin-1"), value.encode("latin-1")) for key, value in headers]


async def _cancelled_others() -> None:
    """Cancel what still runs in the loop."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
