"""A progress bar on standard error, absent where that is no terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ..campaigns.explorations import Exploration
from ..model.kills import Proof
from ..model.repeats import Repeats
from ..model.scenario_results import ScenarioResult

_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


class ProgressBar:
    """Counts operations over all scenarios; `lengths` are the scenarios' operations by name.

    While something is played again, a second line says what for, and how often at most.
    """

    def __init__(self, progress: Progress, lengths: dict[str, int]) -> None:
        """Show an empty bar."""
        self._progress = progress
        self._lengths = lengths
        self._finished = 0
        self._current = ""
        self._task = progress.add_task("starting", total=sum(lengths.values()))
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
def progress_bar(lengths: dict[str, int], console: Console) -> Iterator[ProgressBar]:
    """Show a bar while the block runs."""
    with Progress(*_COLUMNS, console=console, transient=True) as progress:
        yield ProgressBar(progress, lengths)
