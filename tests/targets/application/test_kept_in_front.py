"""What stands before the reference application keeps public answers, few of them and none that goes on for ever."""

import asyncio
import tracemalloc
from typing import Any

import pytest

from memfence.targets.application.clock import Clock
from memfence.targets.application.front import LARGEST, MOST, Front

SCOPE = {"type": "http", "method": "GET", "path": "/about", "query_string": b""}


class Origin:
    """An application that sends these parts, the last of them as the last unless it is cut off."""

    def __init__(self, *parts: bytes, cut: bool = False) -> None:
        self.parts = parts
        self.cut = cut
        self.asked = 0

    async def __call__(self, _: Any, __: Any, send: Any) -> None:
        self.asked += 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number, part in enumerate(self.parts, start=1):
            more = self.cut or number < len(self.parts)
            await send({"type": "http.response.body", "body": part, "more_body": more})


def asked(front: Front, **scope: Any) -> bytes:
    """Ask, and return the whole body."""
    got = bytearray()

    async def send(message: Any) -> None:
        got.extend(message.get("body", b""))

    async def receive() -> Any:
        return {"type": "http.request"}

    asyncio.run(front({**SCOPE, **scope}, receive, send))
    return bytes(got)


def test_a_public_answer_is_served_again_for_a_minute_whole() -> None:
    origin, clock = Origin(b"ab", b"cd"), Clock()
    front = Front(origin, clock)

    assert [asked(front), asked(front), origin.asked] == [b"abcd", b"abcd", 1]
    clock.forward(61)
    assert [asked(front), origin.asked] == [b"abcd", 2]


@pytest.mark.parametrize(
    "origin", [Origin(b"ab", cut=True), Origin(b"x" * LARGEST, b"y")], ids=["cut off", "too large"]
)
def test_an_answer_that_is_cut_off_or_too_large_is_not_kept(origin: Origin) -> None:
    front = Front(origin, Clock())

    first, second = asked(front), asked(front)

    assert first == second == b"".join(origin.parts)
    assert origin.asked == 2


def test_the_newest_answers_are_kept_and_the_oldest_go() -> None:
    origin = Origin(b"ab")
    front = Front(origin, Clock())
    for number in range(MOST + 1):
        asked(front, query_string=b"%d" % number)

    asked(front, query_string=b"1")
    assert origin.asked == MOST + 1
    asked(front, query_string=b"0")
    assert origin.asked == MOST + 2


@pytest.mark.parametrize("path", ["/api/events", "/about"])
def test_a_stream_is_not_gathered_whether_it_may_be_kept_or_not(path: str) -> None:
    async def stream(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _part in range(20):
            await send({"type": "http.response.body", "body": bytes(LARGEST // 4), "more_body": True})

    async def send(message: Any) -> None:
        del message

    tracemalloc.start()
    asyncio.run(Front(stream, Clock())({**SCOPE, "path": path}, send, send))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 3 * LARGEST
