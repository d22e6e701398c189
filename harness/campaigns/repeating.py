"""Counts replays as they begin, and lets who watches a campaign see each."""

from collections.abc import Callable

from ..model.scenario_results import ScenarioResult


class Repeating:
    """Counts the replays of one scenario: call it before each."""

    def __init__(self, result: ScenarioResult, watch: Callable[[ScenarioResult], None]) -> None:
        """Take what is counted in, and who is told."""
        self._result = result
        self._watch = watch
        self._alone = False

    def begin(self, doing: str, at_most: int, *, alone: bool = False) -> None:
        """Say what the next ones are for, and how many of them there are at most; `alone`: each of tenants alone."""
        self._alone = alone
        repeats = self._result.repeats
        repeats.doing, repeats.made, repeats.at_most = doing, 0, at_most
        repeats.alone_at_most += at_most if alone else 0

    def __call__(self, further: int | None = None) -> None:
        """Count one that begins; `further` is how many may follow it, where that is known better by now."""
        repeats = self._result.repeats
        repeats.made += 1
        repeats.alone += self._alone
        if further is not None:
            repeats.at_most = repeats.made + further
        self._watch(self._result)

    def end(self) -> None:
        """Say that there are no more for now, and let that be seen."""
        self._result.repeats.doing = ""
        self._watch(self._result)
