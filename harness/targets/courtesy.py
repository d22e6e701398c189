"""What is asked of a service over HTTP, counted, and repeated where and when the service says so.

It stands where httpx meets the network, so that mem0's own clients stay as they are.
"""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from ..real_mem0.allowance import Allowance

_BUSY = frozenset({429, 503})
_RETRIES = 5
# Who asks for longer than this does not want us now.
_LONGEST = 60.0
_ADD = "/memories/add/"
_BY_ID = re.compile(r"/v1/memories/[^/]+/")


class NeverSentError(PermissionError):
    """A request that could reach others' records; it stays here."""


class Courtesy:
    """The rules, without the waiting. With `careful` nothing is sent that removes more than one record."""

    def __init__(self, allowance: Allowance, *, careful: bool) -> None:
        """Take what counts the requests."""
        self.allowance = allowance
        self._careful = careful

    def before(self, request: httpx.Request) -> None:
        """Count a request; raises NeverSentError or AllowanceSpentError where it must not be made."""
        removes = request.method == "DELETE" and not _BY_ID.fullmatch(request.url.path)
        if self._careful and (removes or "/batch/" in request.url.path):
            msg = f"{request.method} {request.url.path} is never sent to a platform that holds others' records"
            raise NeverSentError(msg)
        self.allowance.take()

    def pause(self, response: httpx.Response, attempt: int) -> float | None:
        """Return the seconds to wait before the request is repeated, None where the response stands."""
        if response.status_code not in _BUSY or attempt >= _RETRIES:
            return None
        seconds = asked_for(response.headers.get("Retry-After"), attempt)
        return seconds if seconds <= _LONGEST else None

    def after(self, request: httpx.Request, response: httpx.Response) -> None:
        """Note what a request has stored or removed."""
        if not response.is_success:
            return
        if request.method == "POST" and request.url.path.endswith(_ADD):
            self.allowance.stored(len(json.loads(request.content).get("messages", ())))
        elif request.method == "DELETE" and _BY_ID.fullmatch(request.url.path):
            self.allowance.stored(-1)


class CourteousTransport(httpx.BaseTransport):
    """A transport of httpx's under the rules."""

    def __init__(
        self, courtesy: Courtesy, inner: httpx.BaseTransport, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        """Take the rules and what sends."""
        self._courtesy = courtesy
        self._inner = inner
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and again where the service asks for that."""
        attempt = 0
        while True:
            self._courtesy.before(request)
            response = self._inner.handle_request(request)
            pause = self._courtesy.pause(response, attempt)
            if pause is None:
                self._courtesy.after(request, response)
                return response
            response.close()
            self._sleep(pause)
            attempt += 1

    def close(self) -> None:
        """Close what sends."""
        self._inner.close()


class AsyncCourteousTransport(httpx.AsyncBaseTransport):
    """The same for httpx's asynchronous client."""

    def __init__(
        self,
        courtesy: Courtesy,
        inner: httpx.AsyncBaseTransport,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Take the rules and what sends."""
        self._courtesy = courtesy
        self._inner = inner
        self._sleep = sleep

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and again where the service asks for that."""
        attempt = 0
        while True:
            self._courtesy.before(request)
            response = await self._inner.handle_async_request(request)
            pause = self._courtesy.pause(response, attempt)
            if pause is None:
                self._courtesy.after(request, response)
                return response
            await response.aclose()
            await self._sleep(pause)
            attempt += 1

    async def aclose(self) -> None:
        """Close what sends."""
        await self._inner.aclose()


def asked_for(header: str | None, attempt: int) -> float:
    """Return the seconds of a `Retry-After`: a number or a date; without one, longer each time."""
    if header is None:
        return float(2**attempt)
    try:
        return max(float(header), 0.0)
    except ValueError:
        pass
    try:
        return max((parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return float(2**attempt)
