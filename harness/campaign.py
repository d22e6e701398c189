"""One execution over scenarios: target x scenarios -> CampaignResult."""

import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from importlib import metadata
from pathlib import Path

from .attribution import Attributor, CanaryAttributor
from .awaiting import Awaiter
from .contract import METHODS, Memory, Target, methods
from .controls import control
from .errors import HarnessError, TargetError
from .executor import Executor
from .findings import Finding, Verdict
from .observations import Returned, Step
from .operations import Channel, GetAll, Operation, Search
from .oracles import Judge, Oracle
from .oracles import lost as losses
from .outcomes import place
from .plans import Scenario
from .population import Population
from .results import CampaignResult, ControlResult, ScenarioResult
from .settings import AuditSettings
from .tenants import Tenant

# The victim, the attacker, and one whose canaries are never planted.
_CONTROL_TENANTS = 3
# How many tenants that lost something are tried alone; each costs a fresh world.
_ALONE_WORLDS = 8
_LONGEST_ID = 64
_ID_LIKE = re.compile(r"[a-z0-9-]+").fullmatch

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
        catalogue: Sequence[str] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Take what is to be run.

        `catalogue` names all scenarios there are, in a fixed order, so that each keeps its tenants from one
        selection to the next; None means those that are run.
        """
        catalogue = [scenario.name for scenario in scenarios] if catalogue is None else catalogue
        self._target = target
        self._scenarios = scenarios
        self._settings = settings
        self._oracles = oracles
        self._watch: Watch | None = None
        self._clock = clock
        self._await = Awaiter()
        self._available: frozenset[Channel] | None = None
        self._positions = {name: position for position, name in enumerate(catalogue)}
        self._block = settings.users + _CONTROL_TENANTS
        self._all = Population(settings.seed, self._block * len(catalogue), settings.facts, settings.probes)
        self._attributor: Attributor = CanaryAttributor(self._all)
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

    def run(self, watch: Watch | None = None) -> CampaignResult:
        """Run everything; Ctrl-C ends it with what was found so far.

        `watch` is called with the scenario's result after each operation.

        Raises TargetError where the target cannot be started or makes no memory for the first ordinary tenant.
        """
        self._watch = watch
        started = self._clock()
        try:
            for scenario in self._scenarios:
                self._run_scenario(scenario)
        except KeyboardInterrupt:
            self.result.interrupted = True
        finally:
            self.result.seconds = self._clock() - started
            try:
                if self._target.close is not None:
                    self._await(self._target.close())
            finally:
                self._await.close()
        return self.result

    def _run_scenario(self, scenario: Scenario) -> None:
        result = ScenarioResult(scenario.name, scenario.summary)
        try:
            executor = self._open()
        except TargetError as error:
            if not self.result.scenarios:
                raise
            # What was found before is worth more than a clean exit.
            result.failure = str(error)
            self.result.scenarios.append(result)
            return
        population = self.population(scenario)
        with executor:
            if self._available is None:
                self._available = methods(self._first_memory(executor, population))
                self.result.methods_missing = tuple(name for name in METHODS if name not in self._available)
            result.not_exercised = self._obstacle(scenario, self._available)
            self.result.scenarios.append(result)
            if result.not_exercised is None:
                self._exercise(scenario, population, executor, self._available, result)

    def _exercise(
        self,
        scenario: Scenario,
        population: Population,
        executor: Executor,
        available: frozenset[Channel],
        result: ScenarioResult,
    ) -> None:
        """Run the scenario, then what its findings and its verdict need."""
        result.interrupted = True
        performed: list[tuple[int, Operation]] = []
        unsettled: list[Finding] = []
        judges = [oracle(self._attributor) for oracle in self._oracles.values()]
        try:
            try:
                for step in drive(scenario, population, executor.perform, available):
                    result.count(step)
                    if self._target.start is not None:
                        performed.append((step.index, step.operation))
                    for finding in (finding for judge in judges for finding in judge(step)):
                        if finding.verdict is Verdict.INCONCLUSIVE:
                            unsettled.append(finding)
                        else:
                            result.note(finding)
                    if self._watch is not None:
                        self._watch(result)
            finally:
                self._sweep(executor, population)
            unsettled = list(self._settle(unsettled, performed))
            result.control = self._control(scenario, available)
            result.interrupted = False
        finally:
            for finding in unsettled:
                result.note(finding)
            self.result.inside += executor.inside

    def _settle(self, findings: Sequence[Finding], performed: Sequence[tuple[int, Operation]]) -> Iterator[Finding]:
        """Replay tenants that lost something alone, to tell interference from a store that loses anyway."""
        alone: dict[int, list[Finding]] = {}
        for finding in findings:
            tenant = finding.observer.index
            if performed and tenant not in alone and len(alone) < _ALONE_WORLDS:
                alone[tenant] = self._alone(tenant, performed)
            yield losses.settle(finding, alone[tenant]) if tenant in alone else finding

    def _alone(self, tenant: int, performed: Sequence[tuple[int, Operation]]) -> list[Finding]:
        """Return what a tenant loses when it is the only one in a fresh world."""
        judge = losses.lost(self._attributor)
        with self._open() as executor:
            found = [
                finding
                for index, operation in performed
                if operation.principal.index == tenant
                for finding in judge(executor.perform(operation, index))
            ]
            self.result.inside += executor.inside
        return found

    def _open(self) -> Executor:
        if self._target.start is not None:
            try:
                self._await(self._target.start())
            except (Exception, SystemExit) as error:
                msg = f"{self._target.name} could not be started: {_in_one_line(error)}"
                raise TargetError(msg) from error
        return Executor(
            self._target,
            top_k=self._settings.top_k,
            settle=max(self._settings.settle, self._target.settle),
            keep=str if self._target.disposable else self._keep,
            awaiter=self._await,
            clock=self._clock,
        )

    def _first_memory(self, executor: Executor, population: Population) -> Memory:
        try:
            memory = executor.memory(population.tenant(population.first).id)
        except (Exception, SystemExit) as error:
            msg = f"{self._target.name} made no memory for the first tenant: {_in_one_line(error)}"
            raise TargetError(msg) from error
        if not methods(memory):
            msg = (
                f"{self._target.name} returned {type(memory).__name__}, which has none of the methods "
                f"{', '.join(METHODS)}"
            )
            raise TargetError(msg)
        return memory

    def _obstacle(self, scenario: Scenario, available: frozenset[Channel]) -> str | None:
        for choice in scenario.needs:
            channels = [operation.channel for operation in choice]
            if available.isdisjoint(channels):
                return f"the target has no {' and no '.join(channels)}"
        if scenario.destructive and not (self._target.disposable or self._settings.allow_destructive):
            return "the target is not disposable (it deletes; see --allow-destructive)"
        return None

    def _control(self, scenario: Scenario, available: frozenset[Channel]) -> ControlResult:
        population = self.population(scenario)
        first = population.first + population.size
        population = self._all.block(first=first, size=_CONTROL_TENANTS - 1)
        ghost = self._all.tenant(first + 2)
        caught_by: str | None = None
        with self._open() as executor:
            judges = [(name, oracle(self._attributor)) for name, oracle in self._oracles.items()]
            perform = control(scenario.control)(executor, population)
            try:
                for step in drive(scenario, population, perform, available):
                    caught_by = caught_by or _caught(judges, step)
                observer = population.tenant(first)
                look = _either(Search(observer, ghost.facts[0].text, ghost.facts[0]), available)
                silent = look is None or not _names(ghost, judges, executor.perform(look, 0))
            finally:
                self._sweep(executor, population)
                self.result.inside += executor.inside
        return ControlResult(scenario.control, caught_by, silent)

    def _sweep(self, executor: Executor, population: Population) -> None:
        """Remove what this campaign wrote to a target that is not disposable, record by record."""
        if not self._target.disposable:
            self.result.left_behind += sum(executor.forget(tenant) for tenant in population)

    def _keep(self, text: str) -> str:
        """Keep synthetic text alone: what else a store returns may be a real person's."""
        if not text or self._attributor.content(text) or self._looks_like_an_id_of_ours(text):
            return text
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4, key=str(self._all.seed).encode()[:64])
        return f"<{len(text)} characters, #{digest.hexdigest()}>"

    def _looks_like_an_id_of_ours(self, text: str) -> bool:
        """Recognise our tenants' ids, also cut short or spliced: a clue to what a wrapper does to them."""
        return text.startswith(self._all.prefix) and len(text) <= _LONGEST_ID and _ID_LIKE(text) is not None


def drive(
    scenario: Scenario,
    population: Population,
    perform: Callable[[Operation, int], Step],
    available: frozenset[Channel],
) -> Iterator[Step]:
    """Perform a plan and yield its steps; what the target has no method for is replaced or left out."""
    plan = scenario.tell(population)
    index = 0
    operation = _told(scenario, lambda: next(plan, None))
    while operation is not None:
        fitting = _either(operation, available)
        if fitting is None:
            step = Step(index, operation, Returned())
        else:
            index += 1
            step = perform(fitting, index)
            yield step
        operation = _told(scenario, partial(plan.send, step))


def _told(scenario: Scenario, ask: Callable[[], Operation | None]) -> Operation | None:
    """Return the scenario's next operation, None at its end; its own mistakes are not the target's."""
    try:
        return ask()
    except StopIteration:
        return None
    except Exception as error:
        msg = f"scenario {scenario.name} is broken: {_in_one_line(error)}"
        raise HarnessError(msg) from error


def _either(operation: Operation, available: frozenset[Channel]) -> Operation | None:
    """Return the operation, or the other way to look for the same fact, where the target offers it."""
    if operation.channel in available:
        return operation
    match operation:
        case Search(principal, _, seeks) if Channel.GET_ALL in available:
            return GetAll(principal, seeks)
        case GetAll(principal, seeks) if Channel.SEARCH in available:
            return Search(principal, seeks.text, seeks)
        case _:
            return None


def _names(ghost: Tenant, judges: Sequence[tuple[str, Judge]], step: Step) -> bool:
    """Tell whether an oracle attributes anything to a tenant that never stored a fact."""
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


def _in_one_line(error: BaseException) -> str:
    where = place(error)
    ours = Path(__file__).parent
    last = traceback.extract_tb(error.__traceback__)[-1:]
    # A call that did not fit raises here, in our own line, which tells the user nothing.
    at = "" if last and Path(last[0].filename).parent == ours else f" ({where})"
    return f"{type(error).__name__}: {' '.join(str(error).split())}{at}"
