"""Tasks in several processes at once."""

import gc
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, NoReturn, TypeVar

from ..base.errors import HarnessError
from ..real_mem0.environment import keep_to_ourselves

_T = TypeVar("_T")
# How long, in seconds, what is interrupted may take to put away what it has written.
_GRACE = 60.0
# After how many new objects one looks for cycles among them, and how much seldomer among older ones: operations, steps
# and findings make none, and to look as often as Python does takes one part in fifteen of a task.
_CYCLES = (50_000, 20, 20)


class Workers:
    """Performs tasks in `count` processes and yields each result as soon as it is there; 1 is this process.

    Tasks and results must be such as can be sent between processes. Ctrl-C, and a task that fails, end what is
    running and begin no more. Each process has a pipe of its own: in a pool of the standard library they share locks,
    and one that is ended while it holds them leaves the others, and this process, waiting for ever.
    """

    def __init__(self, count: int) -> None:
        """Take the number of processes, at least 1."""
        self._count = count

    def __call__(self, tasks: Iterable[Callable[[], _T]]) -> Iterator[_T]:
        """Yield the tasks' results, in any order."""
        if self._count == 1:
            yield from (task() for task in tasks)
            return
        waiting = iter(tasks)
        busy: dict[Connection, BaseProcess] = {}
        started: list[BaseProcess] = []
        try:
            for _, task in zip(range(self._count), waiting, strict=False):
                connection, process = _start(started)
                _send(connection, task)
                busy[connection] = process
            while busy:
                for connection in _ready(busy):
                    result: _T = _result(connection, busy[connection])
                    for task in waiting:
                        _send(connection, task)
                        break
                    else:
                        del busy[connection]
                        connection.close()
                    yield result
        except BaseException:
            for process in started:
                process.terminate()
            raise
        finally:
            with _undisturbed():
                # What is at its end reads this as the end of its work.
                for connection in busy:
                    connection.close()
                _wait_for(started)


def _start(started: list[BaseProcess]) -> tuple[Connection, BaseProcess]:
    # Not forked: a copy of this process would hold its threads' locks.
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    started.append(process)
    # Only so does the end of the process end the pipe.
    theirs.close()
    return ours, process


def _send(connection: Connection, task: object) -> None:
    # That a process has ended is seen where its result is awaited.
    with suppress(OSError):
        connection.send(task)


def _ready(busy: Iterable[Connection]) -> list[Connection]:
    return [found for found in wait(list(busy)) if isinstance(found, Connection)]


def _result(connection: Connection, process: BaseProcess) -> Any:  # noqa: ANN401 - whatever the task returned
    try:
        result, error = connection.recv()
    except (EOFError, ConnectionError):
        process.join()
        msg = f"a worker process ended (exit code {process.exitcode}) before its task did; is there enough memory?"
        raise HarnessError(msg) from None
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


def _serve(connection: Connection) -> None:
    # Ctrl-C reaches every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_to_ourselves()
    gc.set_threshold(*_CYCLES)
    # The pipe ends where there is no more to do, or nobody reads it.
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            connection.send(_perform(connection.recv()))


def _perform(task: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        signal.signal(signal.SIGTERM, _end)
        return task(), None
    except BaseException as error:  # noqa: BLE001 - the first process raises it
        error.add_note(f"In a worker process:\n{traceback.format_exc()}")
        return None, error
    finally:
        # Between tasks there is nothing to put away.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(*_: object) -> NoReturn:
    # As Ctrl-C: what is running puts away what it has written.
    raise KeyboardInterrupt
