"""How far it is, on standard error: a bar, and a line now and then where that is no terminal."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ..campaigns.explorations import Exploration
from ..model.kills import Proof
from ..model.repeats import Repeats
from ..model.scenario_results import ScenarioResult

_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
# Seconds between two lines in a log.
_NOW_AND_THEN = 60.0
_MINUTE = 60.0
# After so many seconds, and so many since the second scenario began, it is known how quick the target is.
_SOON, _MEASURED = 20.0, 5.0


class ProgressBar:
    """Shows operations over all scenarios; `planned` are these by name, and how many operations they make.

    While something is played again, a second line says what for, and how often at most.
    """

    def __init__(self, progress: Progress, planned: Iterable[tuple[str, int]]) -> None:
        """Show that it is planned, then an empty bar."""
        self._progress = progress
        self._task = progress.add_task("planning", total=None)
        self._lengths = dict(planned)
        self._finished = 0
        self._current = ""
        progress.update(self._task, description="starting", total=sum(self._lengths.values()))
        self._again = progress.add_task("", visible=False)
        self._doing = ""

    def __call__(self, scenario: ScenarioResult) -> None:
        """Show how far this scenario is."""
        if scenario.name != self._current:
            self._finished += self._lengths.get(self._current, 0)
            self._current = scenario.name
        done = self._finished + scenario.operations
        self._progress.update(self._task, description=scenario.name, completed=done)
        self._show(scenario.repeats)

    def _show(self, now: Repeats) -> None:
        told = f"{now.doing}, replay {now.made} of at most {now.at_most}" if now.doing else ""
        if now.doing != self._doing:
            self._doing = now.doing
            # Its speed is measured anew.
            self._progress.reset(self._again, description=told, total=now.at_most, visible=bool(told))
        self._progress.update(self._again, description=told, completed=now.made, total=now.at_most)


class ProgressLines:
    """Prints now and then how far an audit is, where a bar would fill a log; `whole` is how many scenarios it has.

    `planned` yields these by name, and how many operations they make; it is asked once, and not by a short audit.
    """

    def __init__(
        self,
        whole: int,
        console: Console,
        planned: Callable[[], Iterable[tuple[str, int]]] = tuple,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the time; nothing is printed in the first seconds."""
        self._whole = whole
        self._console = console
        self._planned = planned
        self._clock = clock
        self._begun = self._told = clock()
        self._second: float | None = None
        self._done_then = 0
        self._estimated = False
        self._seen: dict[str, None] = {}

    def __call__(self, scenario: ScenarioResult) -> None:
        """Print which scenario it is at, where the last line was long ago; before that once how long it all takes."""
        self._seen[scenario.name] = None
        now = self._clock()
        if self._second is None and len(self._seen) > 1:
            # One that was run elsewhere is met at its end.
            self._second, self._done_then = now, scenario.operations
        if self._second is not None and now - self._begun >= _SOON and now - self._second >= _MEASURED:
            self._estimate(scenario, now, self._second)
        if now - self._told >= _NOW_AND_THEN:
            self._told = now
            self._print(f"{now - self._begun:.0f} s, {len(self._seen)} of {self._whole}, the last {scenario.name}")

    def _estimate(self, scenario: ScenarioResult, now: float, second: float) -> None:
        """Print once about how long it takes, where that is more than a minute.

        What the first scenario takes is no measure: all is imported and opened in it.
        """
        if self._estimated:
            return
        self._estimated = True
        planned = dict(self._planned())
        planned.pop(next(iter(self._seen)), None)
        done = sum(planned.get(name, 0) for name in self._seen if name != scenario.name) + scenario.operations
        done, whole = done - self._done_then, sum(planned.values()) - self._done_then
        minutes = round((second - self._begun + (now - second) * whole / max(done, 1)) / _MINUTE)
        if whole and minutes:
            self._print(f"this takes about {'1 minute' if minutes == 1 else f'{minutes} minutes'}")

    def _print(self, told: str) -> None:
        self._console.print(f"memfence: {told}", soft_wrap=True, highlight=False)


@contextmanager
def proof_bar(tasks: int, console: Console) -> Iterator[Callable[[Proof], None]]:
    """Show a bar while a proof is made; `tasks` is how many results it is made of."""
    with Progress(*_COLUMNS, console=console, transient=True) as progress:
        task = progress.add_task("planting", total=tasks)

        def show(proof: Proof) -> None:
            told = f"{len(proof.kills)} planted, {len(proof.missed)} missed, {proof.clean.failures} false alarms"
            progress.update(task, description=told, advance=1)

        yield show


@contextmanager
def counting_bar(total: int, doing: str, console: Console) -> Iterator[Callable[[], None]]:
    """Show a bar that moves by one with each call."""
    with Progress(*_COLUMNS, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(doing, total=total)

        def show() -> None:
            progress.advance(task)

        yield show


@contextmanager
def exploration_bar(examples: int, console: Console) -> Iterator[Callable[[Exploration], None]]:
    """Show a bar while histories are generated and, at its end, what was found is shrunk."""
    with Progress(*_COLUMNS, console=console, transient=True) as progress:
        task = progress.add_task("exploring", total=examples)

        def show(exploration: Exploration) -> None:
            shrunk = len(exploration.counterexamples)
            doing = f"shrinking, {shrunk} of {exploration.kinds} done" if shrunk else "exploring"
            found = f": {', '.join(sorted(exploration.first))}" if exploration.first else ""
            # Hypothesis plays some histories more than it was asked for.
            progress.update(task, description=f"{doing}{found}", completed=min(exploration.examples, examples))

        yield show


@contextmanager
def progress_bar(planned: Iterable[tuple[str, int]], console: Console) -> Iterator[ProgressBar]:
    """Show a bar while the block runs."""
    with Progress(*_COLUMNS, console=console, transient=True) as progress:
        yield ProgressBar(progress, planned)
