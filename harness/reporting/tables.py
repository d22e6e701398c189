"""What a matrix is made of: audits of stores, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..campaigns.settings import AuditSettings
from ..model.channels import OF_A_MEMORY, OF_A_RESOURCE, Channel
from .cells import Cell, Report, channel_cells, scenario_cells

WRAPPERS = ("plain", "tutorial", "scoped")
EMBEDDERS = ("semantic", "constant")
# How many tenants' records there are beside one's own.
_LOAD, _DEEP = 2000, 10_000


@dataclass(frozen=True, slots=True)
class MatrixSettings:
    """What is compared; nothing named means all that is installed and needs no server of the user's.

    `mem0` are versions that the plain client is audited under, each in an environment of its own. `deep`: 10,000
    tenants' records are there beside one's own, not 2,000.
    """

    seed: int = 0
    stores: tuple[str, ...] = ()
    embedders: tuple[str, ...] = EMBEDDERS
    wrappers: tuple[str, ...] = WRAPPERS
    mem0: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    users: int = 3
    facts: int = 2
    crowd: int = 50
    deep: bool = False

    def audit(self, **where: Any) -> AuditSettings:  # noqa: ANN401 - fields of AuditSettings
        """Return the settings of one audit."""
        return AuditSettings(
            seed=self.seed,
            users=self.users,
            facts=self.facts,
            probes=1,
            crowd=self.crowd,
            load=_DEEP if self.deep else _LOAD,
            scenarios=self.scenarios,
            **where,
        )

    def command(self) -> str:
        """Return the command line that repeats it."""
        named = {"store": self.stores, "embedder": self.embedders, "wrapper": self.wrappers, "scenario": self.scenarios}
        words = ["memfence", "matrix", "--seed", str(self.seed)]
        defaults = {"embedder": EMBEDDERS, "wrapper": WRAPPERS}
        for option, values in named.items():
            words += [f"--{option} {value}" for value in values if values != defaults.get(option, ())]
        words += [f"--mem0 {','.join(self.mem0)}"] if self.mem0 else []
        return " ".join(words + (["--deep"] if self.deep else []))


@dataclass(frozen=True, slots=True)
class Row:
    """One audit: where, and its report as JSON; or why there is none."""

    store: str
    embedder: str
    wrapper: str
    mem0: str
    report: Report = field(default_factory=dict)
    failure: str = ""

    @property
    def name(self) -> str:
        """What stands at the beginning of its line."""
        return ", ".join(filter(None, (self.store, self.embedder, self.wrapper)))

    @property
    def of_keys(self) -> bool:
        """Whether it is of a resource with keys, such as `files:folder`: that has channels of its own."""
        return ":" in self.store

    @property
    def channels(self) -> dict[str, Cell]:
        """A cell for each channel."""
        return channel_cells(self.report) if self.report else {}

    @property
    def scenarios(self) -> dict[str, Cell]:
        """A cell for each scenario."""
        return scenario_cells(self.report) if self.report else {}


def channels_of(rows: Sequence[Row]) -> tuple[Channel, ...]:
    """Return the channels that rows of one kind have."""
    return OF_A_RESOURCE if any(row.of_keys for row in rows) else OF_A_MEMORY


@dataclass(frozen=True, slots=True)
class Matrix:
    """All rows, in the order of stores, embedders and wrappers, then of versions; `left_out` says which stores, why."""

    settings: MatrixSettings
    rows: tuple[Row, ...]
    left_out: dict[str, str]
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def kinds(self) -> "tuple[tuple[Row, ...], ...]":
        """The rows of memories and those of resources with keys; of either there may be none."""
        halves = (tuple(row for row in self.rows if row.of_keys is of_keys) for of_keys in (False, True))
        return tuple(half for half in halves if half)

    @property
    def complete(self) -> bool:
        """Whether each row is an audit."""
        return not self.interrupted and not any(row.failure for row in self.rows)
