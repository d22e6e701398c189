"""What broke over questions that are none: it leaves its own class open, and all where most of them broke."""

from dataclasses import dataclass

from .observations import Crashed, Step
from .operations import Search
from .reasons import Reason, Told


@dataclass(slots=True)
class OddQuestions:
    """How many odd questions were asked, and how many broke something."""

    asked: int = 0
    crashed: int = 0
    first: Crashed | None = None

    def note(self, step: Step) -> bool:
        """Count a probe with an odd question; return whether it broke something."""
        if not (step.operation.principal.asks_oddly and isinstance(step.operation, Search)):
            return False
        self.asked += 1
        if not isinstance(step.observation, Crashed):
            return False
        self.crashed += 1
        self.first = self.first or step.observation
        return True

    @property
    def open(self) -> Told | None:
        """The reason, where half of them broke: then little was asked."""
        if self.first is None or 2 * self.crashed < self.asked:
            return None
        return Reason.CRASHED.of_calls(self.crashed, self.first)
