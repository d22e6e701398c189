"""The best history so far for each kind of finding: which oracle, by which channel, under which family of ids."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..model.counterexamples import Counterexample
from ..model.findings import Finding, Severity, Verdict
from ..model.scenario_results import Kind, kind_of

# So many are made small; each costs up to some hundred worlds.
MOST = 8
_SEVERITIES = list(Severity)

# Whether a baseline accepts a finding that was made under a family of ids.
Known = Callable[[Finding, str], bool]


@dataclass(slots=True)
class Kept:
    """For each kind, of violations the shortest history; what a baseline knows stands in nobody's way."""

    known: Known
    found: dict[Kind, Counterexample] = field(default_factory=dict)
    told: dict[Kind, Counterexample] = field(default_factory=dict)

    def take(self, found: Counterexample) -> None:
        """Take a history where it is the best one of its kind."""
        kind = kind_of(found.finding, found.family)
        best = self.found.get(kind)
        if best is None or _rank(found) < _rank(best):
            self.found[kind] = found

    def in_order(self) -> list[tuple[Kind, Counterexample]]:
        """Return all, as they are to be made small: unknown ones first, what needs no attack, then the gravest."""
        return sorted(self.found.items(), key=lambda one: self._gravity(one[1]))

    def tell(self, found: Counterexample) -> None:
        """Take one that was made small; two that came to be the same kind are one, the smaller."""
        kind = kind_of(found.finding, found.family)
        best = self.told.get(kind)
        if best is None or len(found.operations) < len(best.operations):
            self.told[kind] = found

    @property
    def counterexamples(self) -> tuple[Counterexample, ...]:
        """What was told, unknown ones first, then by oracle; what needs no hostile id before what does."""
        return tuple(
            sorted(
                self.told.values(),
                key=lambda one: (
                    self.known(one.finding, one.family),
                    one.finding.oracle,
                    one.family,
                    len(one.operations),
                    one.finding.channel,
                ),
            )
        )

    def _gravity(self, found: Counterexample) -> tuple[bool, bool, bool, int, int]:
        finding = found.finding
        return (
            self.known(finding, found.family),
            finding.verdict is not Verdict.VIOLATED,
            found.family != "",
            -_SEVERITIES.index(finding.severity),
            found.whole,
        )


def _rank(found: Counterexample) -> tuple[bool, int]:
    return found.finding.verdict is not Verdict.VIOLATED, found.whole


def retold(found: Counterexample) -> Finding:
    """Return the finding with the operations that it takes as its witness."""
    return replace(found.finding, witness=found.operations)
