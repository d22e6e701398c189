"""Tasks in several processes at once."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import TypeVar

from .environment import keep_to_ourselves

_T = TypeVar("_T")
# Set in a worker that was told to end.
_ending = threading.Event()


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
            yield from (future.result() for future in as_completed([pool.submit(_perform, task) for task in tasks]))
        except BaseException:
            # All children of this process: the pool does not show which are its own.
            for process in active_children():
                process.terminate()
            raise
        finally:
            with _undisturbed():
                pool.shutdown(cancel_futures=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let a second Ctrl-C wait until the processes have ended, which the first one told them: else they would stay."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin() -> None:
    # Ctrl-C reaches every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end_soon)
    keep_to_ourselves()


def _perform(task: Callable[[], _T]) -> _T:
    if _ending.is_set():
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, _end_now)
    try:
        return task()
    finally:
        signal.signal(signal.SIGTERM, _end_soon)


def _end_soon(*_: object) -> None:
    _ending.set()


def _end_now(*_: object) -> None:
    # As Ctrl-C: what is running puts away what it has written.
    _ending.set()
    raise KeyboardInterrupt
