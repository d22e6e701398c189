"""What a proof is made of: which oracle caught which breakage, how soon, and what the clean controls said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from .statistics import Bound


class Cell(StrEnum):
    """What became of one breakage before one oracle."""

    CAUGHT = "caught"
    # It spoke up and by itself leaves the verdict inconclusive: a fact is lost, who took it is not known.
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

    `operations` are those of `scenario`, the one that shows it soonest, up to the first finding of `caught_by`: one
    number for each seed, None where that seed did not show it. Repetitions alone are not among them.
    """

    breakage: str
    summary: str
    layer: str
    caught_by: str
    fresh: Mapping[str, Cell]
    shared: Mapping[str, Cell]
    scenario: str = ""
    operations: tuple[int | None, ...] = ()

    @property
    def caught(self) -> bool:
        """Whether the oracle that must see it has seen it, whatever the seed."""
        return self.fresh[self.caught_by].spoke and None not in self.operations

    @property
    def missed_seeds(self) -> int:
        """On how many seeds it was not seen."""
        return self.operations.count(None)

    @property
    def median(self) -> float | None:
        """The median of the operations to the first detection, None where it was never seen."""
        return median(self._known) if self._known else None

    @property
    def worst(self) -> int | None:
        """The most operations to the first detection, None where a seed missed it."""
        return max(self._known) if self._known and not self.missed_seeds else None

    @property
    def _known(self) -> list[int]:
        return [count for count in self.operations if count is not None]


@dataclass(frozen=True, slots=True)
class Clean:
    """Campaigns of one target that isolates: whatever is found there is a false alarm, and told in `alarms`.

    A campaign audits `each` of the `scenarios`, the next campaign the next ones.
    """

    target: str
    campaigns: int
    each: int
    scenarios: int
    alarms: tuple[str, ...] = ()
    alarmed: int = 0
    inconclusive: int = 0

    @property
    def bound(self) -> Bound:
        """What that says of the rate of false alarms."""
        return Bound(self.campaigns, self.alarmed)


@dataclass(slots=True)
class Proof:
    """One proof: `on` is the target in which the breakages were planted, `seconds` the time it took."""

    on: str
    seed: int
    seeds: int
    oracles: tuple[str, ...]
    settings: Mapping[str, object]
    versions: Mapping[str, str]
    repeat: str
    kills: list[Kill] = field(default_factory=list)
    cleans: list[Clean] = field(default_factory=list)
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
    def proven(self) -> bool:
        """Every breakage was caught and every clean control was silent."""
        return not self.interrupted and not self.missed and not self.clean.failures and bool(self.kills)

    def alone(self, oracle: str, *, fresh: bool) -> list[str]:
        """Return the breakages that nothing but this oracle speaks of."""
        return [
            kill.breakage
            for kill in self.kills
            if [name for name, cell in (kill.fresh if fresh else kill.shared).items() if cell.spoke] == [oracle]
        ]
