"""About how long an audit takes, told from a few calls that were timed."""

from collections import Counter
from collections.abc import Iterable, Mapping

from ..model.channels import Channel
from ..model.diagnoses import Call

# All measured: controls and replays make half as many calls again; what the harness itself does with each operation
# takes so many seconds; a scenario opens so many worlds, a history so many.
_AGAIN = 1.5
_OWN = 0.0004
_WORLDS, _WORLDS_OF_A_HISTORY = 5, 4
# What a history is made of: every other move stores something or looks for it.
_MOVES = (Channel.ADD, Channel.SEARCH, Channel.GET_ALL)


class Pace:
    """How long a call takes: as it was timed, and longer by what each further record has cost."""

    def __init__(self, calls: Iterable[Call], piled: int) -> None:
        """Take what was timed, before and after so many records were piled up."""
        timed = tuple(calls)
        self._first = {call.channel: call.seconds for call in timed}
        self._more = {call.channel: max(call.later - call.seconds, 0.0) / max(piled, 1) for call in timed}

    def seconds(self, made: Mapping[Channel, int], records: float) -> float:
        """Return what so many calls of each kind take in a store with so many records.

        A kind that was not timed is as quick as storing.
        """
        return sum(count * self._of(channel, records) for channel, count in made.items())

    def _of(self, channel: Channel, records: float) -> float:
        known = channel if channel in self._first else Channel.ADD
        return self._first.get(known, 0.0) + self._more.get(known, 0.0) * records


def about(
    scenarios: Iterable[Counter[Channel]], histories: int, moves: int, pace: Pace, world: float | None
) -> tuple[int, float]:
    """Return about how many operations an audit makes, and in how many seconds.

    `scenarios` are the operations of each, by channel; `moves` are made in each history. `world` is how long it takes
    to open a fresh one, None where all share one store.
    """
    every = [*scenarios, *[_history(moves) for _ in range(histories)]]
    stored = sum(made[Channel.ADD] for made in every)
    seconds = 0.0
    for made in every:
        # A store that all share fills up; half of it is there on average.
        records = (stored if world is None else made[Channel.ADD]) / 2
        seconds += _AGAIN * pace.seconds(made, records)
    operations = sum(made.total() for made in every)
    worlds = _WORLDS * (len(every) - histories) + _WORLDS_OF_A_HISTORY * histories
    return operations, seconds + _OWN * operations + worlds * (world or 0.0)


def _history(moves: int) -> Counter[Channel]:
    return Counter({channel: moves // len(_MOVES) for channel in _MOVES})
