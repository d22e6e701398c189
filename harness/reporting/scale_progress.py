"""How far a crowd is: a bar on a terminal, a line now and then in a log, both with the time that is left."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from ..plans.shards import Phase

_EVERY = 30.0
_MINUTE = 60.0
# Before so much is over, or so many seconds, nothing is known of the rest.
_KNOWN, _SOON = 0.02, 10.0


class TimeLeft:
    """Tells how far it is; what was done before this was begun tells nothing of the speed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the time."""
        self._clock = clock
        self._begun = clock()
        self._first: float | None = None

    def __call__(self, part: float) -> str:
        """Return the time left in words, empty where it is not known."""
        if self._first is None:
            self._first = part
        taken, over = self._clock() - self._begun, part - self._first
        if over < _KNOWN or taken < _SOON:
            return ""
        left = taken * (1 - part) / over
        return f"about {left / _MINUTE:.0f} min left" if left >= _MINUTE else f"about {left:.0f} s left"


@contextmanager
def scale_progress(console: Console) -> Iterator[Callable[[Phase, float], None]]:
    """Yield what shows how far it is."""
    left = TimeLeft()
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("starting", total=1.0)
        told = [0.0]

        def show(phase: Phase, part: float) -> None:
            rest = left(part)
            progress.update(task, description=f"{phase} {rest}".strip(), completed=part)
            now = time.monotonic()
            if not console.is_terminal and now - told[0] >= _EVERY:
                told[0] = now
                said = ", ".join(filter(None, (str(phase), f"{part:.0%}", rest)))
                console.print(f"memfence: {said}", soft_wrap=True, highlight=False)

        yield show
