"""The seam's default: processes of this machine, each with a pipe of its own, so that a death is told of one alone."""

import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from .seam import LostError
from .work import Task

# How long, in seconds, one that is told to end may take.
_GRACE = 10.0


@dataclass(eq=False, slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection


@dataclass(eq=False, slots=True)
class _Given:
    """A task that a worker was given, and how it ended."""

    worker: _Worker
    over: bool = False
    failed: BaseException | None = field(default=None)


class Processes:
    """So many processes, started when they are needed; one that has died is replaced."""

    def __init__(self, count: int) -> None:
        """Take their number."""
        self._count = count
        self._idle: list[_Worker] = []
        self._all: list[_Worker] = []

    def slots(self) -> int:
        """Return their number: here one can always be started."""
        return self._count

    def submit(self, task: Task) -> _Given:
        """Give it to one that is idle, or to a new one."""
        worker = self._idle.pop() if self._idle else self._started()
        try:
            worker.connection.send(task)
        except OSError:
            return _Given(worker, over=True, failed=self._lost(worker))
        return _Given(worker)

    def done(self, handle: _Given) -> bool:
        """Look whether it has answered, or ended."""
        if not handle.over and handle.worker.connection.poll():
            handle.over = True
            try:
                handle.failed = handle.worker.connection.recv()
                self._idle.append(handle.worker)
            except (EOFError, OSError):
                handle.failed = self._lost(handle.worker)
        return handle.over

    def error(self, handle: _Given) -> BaseException | None:
        """Return what it raised."""
        return handle.failed

    def drop(self, handle: _Given) -> None:
        """Kill its process."""
        handle.worker.process.kill()
        handle.over, handle.failed = True, self._lost(handle.worker)

    def close(self) -> None:
        """Let idle ones end, and the others, too."""
        for worker in self._all:
            worker.connection.close()
            if worker not in self._idle:
                worker.process.terminate()
        for worker in self._all:
            worker.process.join(_GRACE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._all, self._idle = [], []

    def _started(self) -> _Worker:
        # Not forked: a copy of this process would hold its threads' locks.
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), daemon=True)
        process.start()
        # Only so does the end of the process end the pipe.
        theirs.close()
        worker = _Worker(process, ours)
        self._all.append(worker)
        return worker

    def _lost(self, worker: _Worker) -> LostError:
        worker.process.join(_GRACE)
        worker.connection.close()
        if worker in self._all:
            self._all.remove(worker)
        return LostError(f"its process ended (exit code {worker.process.exitcode})")


def _serve(connection: Connection) -> None:
    # Ctrl-C reaches every process of a terminal; the first one ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The pipe ends where there is no more to do, or where the first process was killed.
    with suppress(EOFError, OSError):
        while True:
            connection.send(_performed(connection.recv()))
    sys.stdout = sys.stderr = None  # nobody reads what a library says at its end


def _performed(task: Task) -> Exception | None:
    try:
        task()
    except Exception as error:  # noqa: BLE001 - the first process decides what to make of it
        # What a library raises need not be such as can be sent.
        return RuntimeError(f"{type(error).__name__}: {error}")
    return None
