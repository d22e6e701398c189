"""One execution over scenarios: target x scenarios -> CampaignResult."""

import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import metadata

from .attribution import Attributor, CanaryAttributor
from .contract import METHODS, Target
from .controls import control
from .driving import drive, either
from .errors import TargetError
from .executor import Executor
from .findings import Finding, Verdict
from .observations import Refused, Step
from .operations import Channel, Operation, Search
from .oracles import Judge, Oracle
from .plans import Scenario
from .population import Population
from .redaction import Redaction
from .results import CampaignResult, ControlResult, ScenarioResult
from .settings import AuditSettings
from .settling import AloneWorlds, look_again
from .tenants import Tenant
from .unattributed import Unattributed
from .worlds import Worlds

# The victim, the attacker, and one whose canaries are never planted.
_CONTROL_TENANTS = 3

Watch = Callable[[ScenarioResult], None]


class Campaign:
    """Runs scenarios against one target and keeps the result up to date, so that an interruption loses nothing."""

    def __init__(
        self,
        target: Target,
        scenarios: Sequence[Scenario],
        settings: AuditSettings,
        oracles: Mapping[str, Oracle],
        *,
        catalogue: Iterable[str] = (),
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Take what is to be run.

        `catalogue` names all scenarios there are, so that each keeps its tenants from one selection to the next;
        left out, those that are run.
        """
        self._target = target
        self._scenarios = scenarios
        self._settings = settings
        self._oracles = oracles
        self._clock = clock
        self._available: frozenset[Channel] | None = None
        names = list(catalogue) or [scenario.name for scenario in scenarios]
        self._positions = {name: position for position, name in enumerate(names)}
        self._block = settings.users + _CONTROL_TENANTS
        self._all = Population(settings.seed, self._block * len(names), settings.facts, settings.probes)
        self._attributor: Attributor = CanaryAttributor(self._all)
        self._worlds = Worlds(
            target,
            settle=settings.settle,
            top_k=settings.top_k,
            keep=Redaction(self._all, self._attributor),
            ours=lambda text: bool(self._attributor.content(text)),
            clock=clock,
        )
        self.result = CampaignResult(
            target=target.name,
            seed=settings.seed,
            settings=settings.as_dict(),
            versions=versions(),
            repeat=settings.command(target.name),
            required=settings.require,
            tenant_prefix=self._all.prefix,
        )

    def population(self, scenario: Scenario) -> Population:
        """Return the scenario's own tenants: it finds the same whichever other scenarios are run."""
        return self._all.block(first=self._positions[scenario.name] * self._block, size=self._settings.users)

    def run(self, watch: Watch = lambda _: None) -> CampaignResult:
        """Run everything; Ctrl-C ends it with what was found so far.

        `watch` is called with the scenario's result after each operation. Raises TargetError where the target
        cannot be started or makes no memory for the first ordinary tenant, HarnessError where a scenario is broken.
        """
        started = self._clock()
        result = self.result
        try:
            for scenario in self._scenarios:
                self._run_scenario(scenario, watch)
        except KeyboardInterrupt:
            result.interrupted = True
        finally:
            problem = self._worlds.close()
            result.warnings += [problem] if problem else []
            result.seconds = self._clock() - started
            result.inside = self._worlds.inside
            result.left_behind = self._worlds.left_behind
            result.passed = self._worlds.passed
        return result

    def _run_scenario(self, scenario: Scenario, watch: Watch) -> None:
        result = ScenarioResult(scenario.name, scenario.summary, may_refuse=scenario.may_refuse, interrupted=True)
        performed: list[tuple[int, Operation]] = []
        unsettled: list[Finding] = []
        try:
            self._exercise(scenario, result, performed, unsettled, watch)
            if result.not_exercised is None:
                alone = AloneWorlds(performed, self._attributor, self._worlds.open)
                unsettled[:] = [alone.settle(finding) for finding in unsettled]
                result.control = self._control(scenario)
            result.interrupted = False
        except TargetError as error:
            if self._available is None:
                raise
            # What was found before is worth more than a clean exit.
            result.failure = str(error)
            result.interrupted = False
        finally:
            for finding in unsettled:
                result.note(finding)
            if self._available is not None:
                self.result.scenarios.append(result)

    def _exercise(
        self,
        scenario: Scenario,
        result: ScenarioResult,
        performed: list[tuple[int, Operation]],
        unsettled: list[Finding],
        watch: Watch,
    ) -> None:
        """Run the scenario itself; note its findings, and leave to the caller those that are still open."""
        population = self.population(scenario)
        judges = [oracle(self._attributor) for oracle in self._oracles.values()]
        unattributed = Unattributed(self._attributor)
        with self._worlds.open(population) as executor:
            if self._available is None:
                self._available = self._worlds.available(executor, population.tenant(population.first))
                self.result.methods_missing = tuple(name for name in METHODS if name not in self._available)
            result.not_exercised = self._obstacle(scenario, self._available)
            if result.not_exercised is not None:
                return
            for step in drive(scenario, population, executor.perform, self._available):
                result.count(step)
                result.note_unattributed(unattributed.see(step))
                if self._worlds.fresh:
                    performed.append((step.index, step.operation))
                for finding in self._findings(judges, step, executor):
                    if finding.verdict is Verdict.INCONCLUSIVE:
                        unsettled.append(finding)
                    else:
                        result.note(finding)
                watch(result)

    def _findings(self, judges: Iterable[Judge], step: Step, executor: Executor) -> list[Finding]:
        found = [finding for judge in judges for finding in judge(step)]
        return [look_again(finding, executor, self._attributor) for finding in found]

    def _obstacle(self, scenario: Scenario, available: frozenset[Channel]) -> str | None:
        for choice in scenario.needs:
            channels = [operation.channel for operation in choice]
            if available.isdisjoint(channels):
                return f"the target has no {' and no '.join(channels)}"
        if scenario.destructive and not (self._target.disposable or self._settings.allow_destructive):
            return "the target is not disposable (it deletes; see --allow-destructive)"
        return None

    def _control(self, scenario: Scenario) -> ControlResult:
        available = self._available or frozenset()
        own = self.population(scenario)
        population = self._all.block(first=own.first + own.size, size=_CONTROL_TENANTS - 1)
        observer = population.tenant(population.first)
        ghost = self._all.tenant(population.first + population.size)
        caught_by: str | None = None
        with self._worlds.open(population) as executor:
            judges = [(name, oracle(self._attributor)) for name, oracle in self._oracles.items()]
            perform = control(scenario.control)(executor, population)
            for step in drive(scenario, population, perform, available):
                caught_by = caught_by or _caught(judges, step)
            look = either(Search(observer, ghost.facts[0].text, ghost.facts[0]), available)
            silent = look is None or not _names(ghost, judges, executor.perform(look, 0))
        return ControlResult(scenario.control, caught_by, silent)


def _names(ghost: Tenant, judges: Sequence[tuple[str, Judge]], step: Step) -> bool:
    """Tell whether an oracle attributes anything to a tenant that never stored a fact."""
    if isinstance(step.observation, Refused) and step.observation.contained:
        # Withheld: nobody knows whose it was.
        return False
    return any(finding.owner == ghost for _, judge in judges for finding in judge(step))


def _caught(judges: Sequence[tuple[str, Judge]], step: Step) -> str | None:
    for name, judge in judges:
        for finding in judge(step):
            if finding.verdict is Verdict.VIOLATED:
                return name
    return None


def versions() -> Mapping[str, str]:
    """Return the versions that a verdict depends on, where installed."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in ("memfence", "mem0ai", "qdrant-client", "wordllama"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
