"""Tasks in several processes at once."""

import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar

from .environment import keep_to_ourselves

_T = TypeVar("_T")


class Workers:
    """Performs tasks in `count` processes and yields each result as soon as it is there; 1 is this process.

    Tasks and results must be such as can be sent between processes. Ctrl-C ends what is running, and begins no more.
    """

    def __init__(self, count: int) -> None:
        """Take the number of processes, at least 1."""
        self._count = count

    def __call__(self, tasks: Iterable[Callable[[], _T]]) -> Iterator[_T]:
        """Yield the tasks' results, in any order."""
        if self._count == 1:
            yield from (task() for task in tasks)
            return
        # Not forked: a copy of this process would hold its threads' locks.
        pool = ProcessPoolExecutor(self._count, mp_context=get_context("spawn"), initializer=_begin)
        try:
            yield from (future.result() for future in as_completed([pool.submit(task) for task in tasks]))
        finally:
            pool.shutdown(cancel_futures=True)


def _begin() -> None:
    # Ctrl-C reaches every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_to_ourselves()
