"""What is told of a finding that was played again: how it was seen, or that it was not."""

from collections.abc import Iterable

from ..model.counterexamples import Move
from ..model.observations import Returned
from ..model.operations import Together
from ..model.retold import Retold
from ..performing.playing import Play

# How often a whole history is played before it counts as seen once: what is random shows not each time.
TRIES = 3


def once(whole: int, calls: str = "") -> str:
    """Return what is said of a finding that a history of so many calls, or these `calls` of it, did not show again."""
    return f"it was seen once: {TRIES} times {calls or f'all of its {whole}'} calls did not show it again"


def begins_at_once(moves: Iterable[Move]) -> bool:
    """Tell whether operations begin together: who comes first is chance, and may have shown it by that alone."""
    return any(isinstance(move, Together) for move in moves)


def seen_in(play: Play, whole: int) -> Retold:
    """Return what is to be told of a play that showed a finding again, of `whole` operations that had led to it."""
    raised = {step.index for step in play.steps if not isinstance(step.observation, Returned)}
    named = {
        step.index
        for step in play.steps
        if isinstance(step.observation, Returned) and any(record.id for record in step.observation.records)
    }
    said = tuple(line for step in play.steps for line in step.exchange)
    return Retold(tuple(play.moves), whole, frozenset(raised), frozenset(named), awaited=play.awaited, exchange=said)
