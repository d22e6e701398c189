"""An application whose start holds up its own loop: it is told in one line, and nothing of it stays."""

import asyncio
import threading
import time
from typing import Any

import pytest

from memfence.base.errors import TargetError
from memfence.targets.web.in_process import InProcess

SHORT, LONG = 0.2, 1.5
APPLICATION = "memfence application"


class Blocking:
    """Starts as one that asks a database without `await`; keeps the loop that it ran in."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.broken_off = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        del scope, send
        self.loop = asyncio.get_running_loop()
        await receive()
        time.sleep(LONG)  # noqa: ASYNC251 - the mistake
        try:
            await asyncio.Event().wait()
        finally:
            self.broken_off = True


def threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == APPLICATION]


def test_a_start_that_holds_up_the_loop_is_told_with_what_to_look_at_and_is_let_go_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("memfence.targets.web.in_process.SECONDS", SHORT)
    before, application = threads(), Blocking()
    started = time.monotonic()

    with pytest.raises(TargetError, match="look at what it waits for, such as a database"):
        InProcess(application)

    assert time.monotonic() - started < LONG
    for left in set(threads()).difference(before):
        left.join(10 * LONG)
    assert threads() == before
    assert application.loop is not None
    assert application.loop.is_closed()
    assert application.broken_off


def test_whatever_still_runs_in_an_application_is_broken_off_at_its_end() -> None:
    ended = threading.Event()

    async def working(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            return

        async def work() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        await receive()
        kept = asyncio.create_task(work())
        await asyncio.sleep(0)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        del kept

    before = threads()
    wire = InProcess(working)
    wire.close()
    wire.close()

    assert (ended.is_set(), threads()) == (True, before)
