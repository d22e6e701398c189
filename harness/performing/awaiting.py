"""One event loop for a whole campaign: what an asynchronous target binds to its loop stays alive in it."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

_T = TypeVar("_T")

# What most replies are: asking these whether they are awaitable costs more than the rest of a call.
_PLAIN = frozenset({dict, list, str, type(None)})


def must_be_awaited(value: object) -> bool:
    """Tell whether a reply is none before it has been awaited."""
    return type(value) not in _PLAIN and (inspect.isawaitable(value) or isinstance(value, AsyncIterator))


class Awaiter:
    """Awaits what is awaitable; the loop is made on first need, so that synchronous targets have none."""

    def __init__(self) -> None:
        """Start without a loop."""
        self._runner: asyncio.Runner | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._threads = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    def __call__(self, value: Any) -> Any:  # noqa: ANN401 - a stranger's reply, awaitable or not
        """Return the value, or what it awaits to; what an asynchronous generator yields comes as a list."""
        if not must_be_awaited(value):
            return value

        async def wait() -> object:
            found = await value if inspect.isawaitable(value) else value
            return [item async for item in found] if isinstance(found, AsyncIterator) else found

        if self._loop is not None:
            # This is a thread of `together`: the loop runs in the main one.
            found, end = asyncio.run_coroutine_threadsafe(_kept(wait()), self._loop).result()
            if end is not None:
                raise end
            return found
        return self._run(wait())

    def together(self, calls: Sequence[Callable[[], _T]]) -> list[_T]:
        """Begin the calls at once, each in a thread of its own; what they await are tasks of the one loop."""

        async def all_of_them() -> list[_T]:
            self._loop = asyncio.get_running_loop()
            pool = self._pool_of(len(calls))
            try:
                return await asyncio.gather(*(self._loop.run_in_executor(pool, call) for call in calls))
            except BaseException:
                # The other calls may still keep its threads.
                self._let_go()
                raise
            finally:
                self._loop = None

        found: list[_T] = self._run(all_of_them())
        return found

    def _pool_of(self, threads: int) -> ThreadPoolExecutor:
        """Return a pool with so many threads, made on first need: to start them each time costs more than the calls."""
        if self._pool is None or self._threads < threads:
            self._let_go()
            self._pool, self._threads = ThreadPoolExecutor(max_workers=threads), threads
        return self._pool

    def _let_go(self) -> None:
        if self._pool is not None:
            # Not waited for: after Ctrl-C they may wait for this very loop.
            self._pool.shutdown(wait=False)
            self._pool = None

    def _run(self, coroutine: Any) -> Any:  # noqa: ANN401 - a stranger's coroutine
        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner.run(coroutine)

    def close(self) -> None:
        """Close the loop; pending tasks of the target are cancelled."""
        self._let_go()
        if self._runner is not None:
            self._runner.close()
            self._runner = None


async def _kept(coroutine: Any) -> tuple[Any, SystemExit | None]:  # noqa: ANN401 - as above
    """Await; an exit, which would stop the loop under all others, is given back."""
    try:
        return await coroutine, None
    except SystemExit as end:
        return None, end
