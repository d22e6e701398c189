"""Tasks in several processes at once."""

import gc
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, NoReturn, TypeVar

from ..base.errors import HarnessError
from ..base.pipes import outlive_readers
from ..base.under_way import watched
from ..real_mem0.environment import keep_to_ourselves

_T = TypeVar("_T")
# A process that works, and what it was given to do.
_Busy = dict[Connection, tuple[BaseProcess, Callable[[], Any]]]
# How long, in seconds, what is interrupted may take to put away what it has written.
_GRACE = 60.0
# After how many new objects one looks for cycles among them, and how much seldomer among older ones: operations, steps
# and findings make none, and to look as often as Python does takes one part in fifteen of a task.
_CYCLES = (50_000, 20, 20)


class _EndedError(Exception):
    """A process has ended before its task."""


class Workers:
    """Performs tasks in `count` processes and yields each result as soon as it is there; 1 is this process.

    Tasks and results must be such as can be sent between processes. Ctrl-C, and a task that fails, end what is
    running and begin no more; what Ctrl-C leaves of a task is yielded before it is raised. Each process has a pipe of
    its own: in a pool of the standard library they share locks, and one that is ended while it holds them leaves the
    others, and this process, waiting for ever.
    """

    def __init__(
        self,
        count: int,
        *,
        lost: Callable[[Callable[[], Any], str], Any] | None = None,
        last: Callable[[], Any] | None = None,
    ) -> None:
        """Take the number of processes, at least 1.

        `lost` is told each task whose process has ended before it, and how: it returns a result in its place, or None
        for the task to be tried again. Without it HarnessError is raised. `last` is what each process does at its end,
        however it comes to that; where there was no more to do it is yielded, too.
        """
        self._count = count
        self._lost = lost or _give_up
        self._last = last

    def __call__(self, tasks: Iterable[Callable[[], _T]]) -> Iterator[_T]:
        """Yield the tasks' results, in any order."""
        if self._count == 1:
            yield from (task() for task in chain(tasks, self._ending()))
            return
        waiting = iter(tasks)
        busy: _Busy = {}
        started: list[BaseProcess] = []
        try:
            for task in islice(waiting, self._count):
                self._hire(task, busy, started)
            while busy:
                for connection in _ready(busy):
                    yield from self._taken(connection, waiting, busy, started)
        except BaseException as error:
            for process in started:
                process.terminate()
            if isinstance(error, KeyboardInterrupt):
                yield from _left(busy)
            raise
        finally:
            with _undisturbed():
                # What is at its end reads this as the end of its work.
                for connection in busy:
                    connection.close()
                _wait_for(started)

    def _taken(
        self, connection: Connection, waiting: Iterator[Any], busy: _Busy, started: list[BaseProcess]
    ) -> Iterator[Any]:
        """Yield what came of a task, where something did; first the next one is begun."""
        process, task = busy[connection]
        try:
            result = _result(connection)
        except _EndedError:
            del busy[connection]
            connection.close()
            result = self._lost(task, _how(process))
            for one in islice(chain([task] if result is None else [], waiting), 1):
                self._hire(one, busy, started)
            yield from [] if result is None else [result]
            return
        for one in islice(chain(waiting, self._ending(unless=task)), 1):
            _send(connection, None if one is self._last else one)
            busy[connection] = process, one
            break
        else:
            del busy[connection]
            connection.close()
        yield result

    def _hire(self, task: Callable[[], Any], busy: _Busy, started: list[BaseProcess]) -> None:
        connection, process = _start(started, self._last)
        _send(connection, task)
        busy[connection] = process, task

    def _ending(self, unless: object = None) -> Iterator[Callable[[], Any]]:
        if self._last is not None and self._last is not unless:
            yield self._last


def _give_up(_: object, how: str) -> NoReturn:
    msg = f"a worker process ended before its task did: {how}"
    raise HarnessError(msg)


def _how(process: BaseProcess) -> str:
    process.join()
    code = process.exitcode or 0
    return f"exit code {code}" if code >= 0 else f"killed by signal {-code}; is there enough memory?"


def _left(busy: _Busy) -> Iterator[Any]:
    """Yield what those that were told to end still have to say."""
    deadline = time.monotonic() + _GRACE
    waiting = dict(busy)
    while waiting and time.monotonic() < deadline:
        for connection in _ready(waiting, max(0.0, deadline - time.monotonic())):
            del waiting[connection]
            with suppress(Exception, KeyboardInterrupt):
                yield _result(connection)


def _start(started: list[BaseProcess], last: Callable[[], Any] | None) -> tuple[Connection, BaseProcess]:
    # Not forked: a copy of this process would hold its threads' locks.
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    # No daemon: what it audits may start processes of its own.
    process = context.Process(target=_serve, args=(theirs, last or _nothing))
    process.start()
    started.append(process)
    # Only so does the end of the process end the pipe.
    theirs.close()
    return ours, process


def _send(connection: Connection, task: object) -> None:
    # That a process has ended is seen where its result is awaited.
    with suppress(OSError):
        connection.send(task)


def _ready(busy: _Busy, seconds: float | None = None) -> list[Connection]:
    """Return those who have answered, or whose process has ended: a pipe that its own children hold stays open."""
    ended = {process.sentinel: connection for connection, (process, _) in busy.items()}
    found = [ended[one] if isinstance(one, int) else one for one in wait([*busy, *ended], seconds)]
    return [one for one in dict.fromkeys(found) if isinstance(one, Connection)]


def _result(connection: Connection) -> Any:  # noqa: ANN401 - whatever the task returned
    """Return it, or raise what the task raised; raises _EndedError where its process has ended."""
    try:
        answer = connection.recv() if connection.poll() else None
    except (EOFError, ConnectionError):
        answer = None
    if answer is None:
        raise _EndedError
    result, error = answer
    if error is not None:
        raise error
    return result


def _wait_for(processes: Iterable[BaseProcess]) -> None:
    deadline = time.monotonic() + _GRACE
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()


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


def _serve(connection: Connection, last: Callable[[], Any]) -> None:
    # Ctrl-C reaches every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    outlive_readers()
    keep_to_ourselves()
    gc.set_threshold(*_CYCLES)
    ended = False
    try:
        # The pipe ends where there is no more to do, or nobody reads it.
        with watched(), suppress(EOFError, OSError, KeyboardInterrupt):
            while not ended:
                task = connection.recv()
                # No task stands for what is done last.
                ended = task is None
                connection.send(_perform(last if ended else task))
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if not ended:
            _perform(last)


def _nothing() -> None:
    """Leave nothing to be done last."""


def _perform(task: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return task(), None
    except BaseException as error:  # noqa: BLE001 - the first process raises it
        error.add_note(f"In a worker process:\n{traceback.format_exc()}")
        return None, error


def _end(*_: object) -> NoReturn:
    # As Ctrl-C: what is running puts away what it has written.
    raise KeyboardInterrupt
