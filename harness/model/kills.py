"""What a proof is made of: which oracle caught which breakage, how soon, and what the clean controls said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from .statistics import Bound


class Cell(StrEnum):
    """What became of one breakage before one oracle."""

    CAUGHT = "caught"
    # It spoke up and leaves the verdict inconclusive: a fact is lost, and not by another's hand, or nobody knows.
    DOUBTED = "doubted"
    MISSED = "missed"
    NOT_EXERCISED = "not exercised"

    @property
    def spoke(self) -> bool:
        """Whether the verdict is no longer held."""
        return self in (Cell.CAUGHT, Cell.DOUBTED)


@dataclass(frozen=True, slots=True)
class Kill:
    """One breakage: its cells by oracle, in fresh worlds (`start`) and in one world that all scenarios share.

    `doubted`: its audit is rightly inconclusive. `operations` are those of `scenario`, which shows it soonest, up to
    the one that showed it to `caught_by`: one number for each seed, None where that seed did not show it. `crash` tells
    the first call on own records that crashed, where one did.
    """

    breakage: str
    summary: str
    layer: str
    caught_by: str
    doubted: bool
    fresh: Mapping[str, Cell]
    shared: Mapping[str, Cell]
    scenario: str = ""
    operations: tuple[int | None, ...] = ()
    crash: str = ""

    @property
    def caught(self) -> bool:
        """Whether the oracle that must see it has seen it, whatever the seed, and as what it is."""
        cell = self.fresh[self.caught_by]
        return (cell is Cell.CAUGHT or (self.doubted and cell is Cell.DOUBTED)) and None not in self.operations

    @property
    def missed_seeds(self) -> int:
        """On how many seeds it was not seen."""
        return self.operations.count(None)

    @property
    def median(self) -> float | None:
        """The median of the operations to the first detection, None where a seed missed it."""
        return median(self._known) if self._known and not self.missed_seeds else None

    @property
    def worst(self) -> int | None:
        """The most operations to the first detection, None where a seed missed it."""
        return max(self._known) if self._known and not self.missed_seeds else None

    @property
    def _known(self) -> list[int]:
        return [count for count in self.operations if count is not None]


@dataclass(frozen=True, slots=True)
class Clean:
    """Campaigns of one target that isolates: what is violated there is a false alarm, and told in `alarms`.

    The `scenarios` are shared out among `parts` campaigns, in turn. Where no probe was answered or
    refused it does not count.
    """

    target: str
    campaigns: int
    parts: int
    scenarios: int
    alarms: tuple[str, ...] = ()
    alarmed: int = 0
    inconclusive: int = 0

    @property
    def each(self) -> int:
        """How many scenarios a campaign has at most."""
        return -(-self.scenarios // self.parts)

    @property
    def bound(self) -> Bound:
        """What that says of the rate of false alarms."""
        return Bound(self.campaigns, self.alarmed)


@dataclass(frozen=True, slots=True)
class Explored:
    """Explorations of one target that isolates, by `histories` generated histories each; an alarm there is false."""

    target: str
    explorations: int
    histories: int
    alarms: tuple[str, ...] = ()
    alarmed: int = 0


@dataclass(slots=True)
class Proof:
    """One proof: `on` is the target in which the breakages were planted, `known` how many there are to plant in it.

    `seconds` is the time that it took.
    """

    on: str
    seed: int
    seeds: int
    known: int
    oracles: tuple[str, ...]
    settings: Mapping[str, object]
    versions: Mapping[str, str]
    repeat: str
    kills: list[Kill] = field(default_factory=list)
    cleans: list[Clean] = field(default_factory=list)
    explored: list[Explored] = field(default_factory=list)
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def missed(self) -> list[Kill]:
        """The breakages that their oracle did not see."""
        return [kill for kill in self.kills if not kill.caught]

    @property
    def clean(self) -> Bound:
        """All clean campaigns and those that raised an alarm."""
        return Bound(sum(one.campaigns for one in self.cleans), sum(one.alarmed for one in self.cleans))

    @property
    def explorations(self) -> Bound:
        """All explorations of what isolates and those that raised an alarm."""
        return Bound(sum(one.explorations for one in self.explored), sum(one.alarmed for one in self.explored))

    @property
    def each(self) -> int:
        """How many scenarios a clean campaign has at most."""
        return max((one.each for one in self.cleans), default=0)

    @property
    def whole(self) -> Bound:
        """The clean campaigns as so many whole audits, each of all scenarios."""
        parts = max((one.parts for one in self.cleans), default=1)
        audits = self.clean.trials // parts
        return Bound(audits, min(audits, self.clean.failures))

    @property
    def proven(self) -> bool:
        """Every breakage was caught, and every clean control was asked and silent."""
        alarms = self.clean.failures + self.explorations.failures
        caught = bool(self.kills) and not self.missed
        return caught and bool(self.clean.trials) and not alarms and not self.interrupted
