"""Probes, counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from .observations import Crashed, Refused, Returned, Step

_Key = TypeVar("_Key")


@dataclass(slots=True)
class Tally:
    """Probes of one channel and what became of them.

    `accidents` are those of the refused that only broke a constructor. `tried` are the distinct (observer, owner) that
    were probed, `pairs` those of them that came back.
    """

    probes: int = 0
    returned: int = 0
    refused: int = 0
    crashed: int = 0
    accidents: int = 0
    pairs: set[tuple[int, int]] = field(default_factory=set)
    tried: set[tuple[int, int]] = field(default_factory=set)

    def count(self, step: Step) -> None:
        """Count one probe."""
        self.probes += 1
        self.tried.add((step.operation.principal.index, step.operation.owner))
        match step.observation:
            case Returned():
                self.returned += 1
                self.pairs.add((step.operation.principal.index, step.operation.owner))
            case Refused(by_accident=by_accident):
                self.refused += 1
                self.accidents += by_accident
            case Crashed():
                self.crashed += 1

    def take(self, other: "Tally") -> None:
        """Add another tally to this one."""
        self.probes += other.probes
        self.returned += other.returned
        self.refused += other.refused
        self.crashed += other.crashed
        self.accidents += other.accidents
        self.pairs |= other.pairs
        self.tried |= other.tried

    def count_read(self, step: Step) -> None:
        """Count an error whose text was read: as a probe of errors it is answered."""
        self.probes += 1
        self.returned += 1
        pair = (step.operation.principal.index, step.operation.owner)
        self.pairs.add(pair)
        self.tried.add(pair)


def added(some: Iterable[Mapping[_Key, Tally]]) -> dict[_Key, Tally]:
    """Return the sum of several tallies by their keys."""
    total: dict[_Key, Tally] = {}
    for tallies in some:
        for key, tally in tallies.items():
            total.setdefault(key, Tally()).take(tally)
    return total
