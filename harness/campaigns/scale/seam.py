"""Where shards are done: processes of this machine, or a cluster. All that either needs to know of them is here."""

from typing import Any, Protocol, TypeAlias

from .work import Task

# What a place gives for a task that it was handed.
Handle: TypeAlias = Any


class LostError(Exception):
    """A worker ended before its task did."""


class Seam(Protocol):
    """Takes tasks and says what became of them; it neither retries nor waits."""

    def slots(self) -> int:
        """Return how many tasks it does at once; 0 where nobody is left to do any."""
        ...

    def submit(self, task: Task) -> Handle:
        """Take a task."""
        ...

    def done(self, handle: Handle) -> bool:
        """Tell whether it is over."""
        ...

    def error(self, handle: Handle) -> BaseException | None:
        """Return what it ended with, where it is over and failed; a LostError where its worker ended."""
        ...

    def drop(self, handle: Handle) -> None:
        """End it, whatever it is doing."""
        ...

    def close(self) -> None:
        """End all of it."""
        ...
