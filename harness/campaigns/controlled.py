"""The controls of a scenario: whether a leak that was put there is seen, and one that is not there stays unseen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ..breakages.controls import LOSSES, control
from ..judging.attribution import Attributor
from ..judging.oracles import Judge, Oracle
from ..model.control_results import ControlResult
from ..model.findings import Finding, FindingClass, Verdict
from ..model.observations import Refused, Step
from ..model.operations import Operation, Search
from ..model.tenants import Tenant
from ..performing.driving import drive, either
from ..performing.settling import AloneWorlds
from ..performing.worlds import Worlds
from ..plans.insisting import insisting
from ..plans.population import Population
from ..plans.scenario import Scenario

# The victim, the attacker, and one whose canaries are never planted.
TENANTS = 3
# A crowd is as good as a bigger one to see whether an oracle sees.
_CROWD = 20


@dataclass(frozen=True, slots=True)
class Controls:
    """Runs a scenario once more, with a leak planted, for tenants of the population who follow the scenario's own."""

    everybody: Population
    attributor: Attributor
    worlds: Worlds
    oracles: Mapping[str, Oracle]

    def run(self, scenario: Scenario, own: Population, available: frozenset[str]) -> ControlResult:
        """Return whether an oracle caught what was planted; `own` are the scenario's tenants.

        Where it was not, the control is run again and insists: a store that finds words and no meaning may show nothing
        to the first question. `available` is what the target offers. Raises what the worlds raise.
        """
        population = replace(
            self.everybody.block(first=own.first + own.size, size=TENANTS - 1),
            crowd=min(own.crowd, _CROWD),
            bulk=min(own.bulk, _CROWD),
            load=min(own.load, _CROWD),
            pages=min(own.pages, _CROWD),
        )
        caught_by, silent = self._attempt(scenario, population, available)
        if caught_by is not None or scenario.control in LOSSES:
            return ControlResult(scenario.control, caught_by, silent)
        again, asked = insisting(scenario)
        caught_by, still_silent = self._attempt(again, population, available)
        return ControlResult(
            scenario.control,
            caught_by,
            silent and still_silent,
            insisted=caught_by is not None,
            missed=asked.told if caught_by is None else "",
        )

    def _attempt(
        self, scenario: Scenario, population: Population, available: frozenset[str]
    ) -> tuple[str | None, bool]:
        """Run the control once; return the oracle that caught it, and whether the negative one stayed silent."""
        observer = population.tenant(population.first)
        ghost = self.everybody.tenant(population.first + population.size)
        caught_by: str | None = None
        performed: list[Operation] = []
        unsettled: list[Finding] = []
        with self.worlds.open(population, durable=scenario.durable) as executor:
            judges = [(name, oracle(self.attributor)) for name, oracle in self.oracles.items()]
            perform = control(scenario.control)(executor, population)
            for step in drive(scenario, population, perform, available):
                performed.append(step.operation)
                found = [finding for _, judge in judges for finding in judge(step)]
                caught_by = caught_by or _caught(found)
                unsettled += [one for one in found if one.verdict is Verdict.INCONCLUSIVE and caught_by is None]
            look = either(Search(observer, ghost.facts[0].text, ghost.facts[0]), available)
            silent = look is None or not _names(ghost, judges, executor.perform(look, 0))
        if caught_by is None and unsettled and self.worlds.fresh:
            # It hangs on what the same tenant sees alone: without the control, for alone there is nothing to plant.
            alone = AloneWorlds(performed, self.attributor, partial(self.worlds.open, durable=scenario.durable))
            settled = [alone.settle(finding) for finding in unsettled]
            caught_by = _caught([finding for finding in settled if finding is not None])
        elif caught_by is None and unsettled and scenario.control in LOSSES:
            caught_by = unsettled[0].oracle
        return caught_by, silent


def _names(ghost: Tenant, judges: Sequence[tuple[str, Judge]], step: Step) -> bool:
    """Tell whether an oracle attributes anything to a tenant that never stored a fact."""
    if isinstance(step.observation, Refused) and step.observation.contained:
        # Withheld: nobody knows whose it was.
        return False
    return any(finding.owner == ghost for _, judge in judges for finding in judge(step))


def _caught(findings: Iterable[Finding]) -> str | None:
    return next((finding.oracle for finding in findings if _counts(finding)), None)


def _counts(finding: Finding) -> bool:
    # What a time tells is seen, whatever is made of it.
    return finding.verdict is Verdict.VIOLATED or finding.klass is FindingClass.TIMING
