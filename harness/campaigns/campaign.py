"""One execution over scenarios: target x scenarios -> CampaignResult."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from ..base.errors import HarnessError, Spent, TargetError
from ..base.versions import versions
from ..judging.attribution import Attributor, CanaryAttributor
from ..judging.oracles import Judge, Oracle
from ..judging.unattributed import Unattributed
from ..model.channels import possible, spelt
from ..model.findings import Finding, Verdict
from ..model.observations import Step
from ..model.own_errors import OwnErrors
from ..model.reasons import Reason
from ..model.results import CampaignResult
from ..model.scenario_results import ScenarioResult
from ..model.tenants import Tenant
from ..performing.awaiting import Awaiter
from ..performing.contract import METHODS, Target
from ..performing.driving import drive
from ..performing.executor import Executor
from ..performing.permissions import permitted
from ..performing.redaction import Redaction, redact
from ..performing.settling import TO_COMPARE, AloneWorlds, look_again
from ..performing.worlds import Worlds
from ..plans.insisting import insisting
from ..plans.population import Population
from ..plans.scenario import Scenario
from .controlled import TENANTS as CONTROL_TENANTS
from .controlled import Controls
from .effort import Effort
from .followed import Followed
from .left_out import too_few
from .preamble import preamble
from .repeating import Repeating
from .retelling import Retelling
from .settings import AuditSettings
from .ways_out import allowance, gap, obstacle
from .wordless import learn

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
        effort: Effort | None = None,
        awaiter: Awaiter | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Take what is to be run.

        `catalogue` names all scenarios there are, so that each keeps its tenants from one selection to the next;
        left out, those that are run. `effort` is what is done beside the scenarios, None for all of it. `awaiter` is an
        event loop that outlives the campaign, for a target that is used again after it. Raises HarnessError where the
        settings do not fit the target.
        """
        target = permitted(target, disposable=settings.disposable, allow_destructive=settings.allow_destructive)
        if settings.max_requests is not None and target.spent is None:
            msg = f"{target.name} counts no requests: leave out --max-requests, which is for: platform"
            raise HarnessError(msg)
        self._target = target
        self._scenarios = scenarios
        self._settings = settings
        self._oracles = oracles
        self._effort = effort or Effort()
        self._clock = clock
        self._available: frozenset[str] | None = None
        names = list(catalogue) or [scenario.name for scenario in scenarios]
        self._positions = {name: position for position, name in enumerate(names)}
        self._block = settings.users + CONTROL_TENANTS
        self._all = Population(
            settings.seed,
            self._block * len(names),
            settings.facts,
            settings.probes,
            crowd=settings.crowd_for(disposable=bool(target.disposable)),
            bulk=settings.bulk_for(disposable=bool(target.disposable)),
            load=settings.load,
            id_form=settings.id_form or target.id_form,
            scope_keys=target.scope_keys,
            keys=target.keys,
            pages=settings.pages_for(disposable=bool(target.disposable)),
        )
        self._attributor: Attributor = CanaryAttributor(self._all)
        self._keep: Callable[[str], str] = str if settings.show_content else Redaction(self._all, self._attributor)
        self._worlds = Worlds(
            target,
            settle=settings.settle,
            top_k=settings.top_k,
            keep=self._keep,
            ours=lambda text: bool(self._attributor.content(text)),
            awaiter=awaiter,
            clock=clock,
        )
        self._controls = Controls(self._all, self._attributor, self._worlds, oracles)
        self._retelling = Retelling(target, self._worlds, dict(oracles), self._all, show_content=settings.show_content)
        self.result = CampaignResult(
            target=target.name,
            seed=settings.seed,
            settings=settings.as_dict(),
            versions=versions(),
            repeat=settings.command(target.name),
            required=settings.require,
            tenant_prefix=self._all.prefix,
            notes=(*target.notes, *too_few(self._all.crowd)),
            foremost=target.foremost,
            remedy=target.remedy,
            location=target.location,
            mem0=target.mem0,
            preamble=preamble(target),
            unsaid=target.disposable is None,
            keys=target.keys,
            sessions=target.sessions,
            by_file=target.by_file,
        )

    def population(self, scenario: Scenario) -> Population:
        """Return the scenario's own tenants: it finds the same whichever other scenarios are run."""
        return self._all.block(first=self._positions[scenario.name] * self._block, size=self._settings.users)

    def run(self, watch: Watch = lambda _: None) -> CampaignResult:
        """Run everything; Ctrl-C ends it with what was found so far.

        `watch` is called with the scenario's result after each operation, before each replay (`repeats` counts them),
        and when it is complete. Raises TargetError where the target cannot be started or makes no memory for the first
        ordinary tenant, HarnessError where a scenario is broken.
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
            result.left_behind = self._worlds.left_behind + self._retelling.left_behind
            result.passed, result.places = self._worlds.passed, self._worlds.places
        return result

    def _run_scenario(self, whole: Scenario, watch: Watch) -> None:
        # Where what it tries is allowed, what is left of it to ask.
        scenario = whole.under(self._settings.allowed) or whole
        result = ScenarioResult(
            scenario.name,
            scenario.summary,
            may_refuse=scenario.may_refuse,
            reads_errors=scenario.reads_errors,
            cwe=scenario.cwe,
            may_forget=self._target.may_forget,
            own_errors=OwnErrors(tuple(kind.__name__ for kind in self._target.refusals)),
            interrupted=True,
        )
        followed = Followed(self._compared(scenario))
        self._retelling.begin(self._positions[scenario.name])
        started = self._clock()
        try:
            self._go_through(scenario, result, followed, watch)
            if result.not_exercised is None and not (result.tallies or result.counts):
                allowed = f"{allowance(scenario)}, and no such user deletes what it is not shown"
                result.not_exercised = (allowed if scenario is not whole else result.nothing_sent) or None
            learn(result, self._worlds, self._ghost(scenario), self._attributor, self._available or frozenset())
            if result.not_exercised is None and self._effort.controls:
                available = self._available or frozenset()
                result.control = self._controls.run(scenario, self.population(scenario), available)
                if result.control.insisted and result.verdict is not Verdict.VIOLATED:
                    # What only insisting shows must be asked of the target itself like that.
                    followed = Followed(self._compared(scenario))
                    self._go_through(insisting(scenario)[0], result, followed, watch)
            result.interrupted = False
        except TargetError as error:
            if self._available is None:
                raise
            # What was found before is worth more than a clean exit.
            result.failure = Reason.FAILED.told(error=error)
            result.interrupted = False
        except Spent as reason:
            result.failure = Reason.STOPPED.told(why=reason)
            result.interrupted = False
        finally:
            for finding in followed.take():
                result.note(finding, finding.attack)
            if self._target.disposable:
                redact(result, self._retelling.keep)
            result.seconds = self._clock() - started
            if self._available is not None:
                self.result.scenarios.append(result)

    def _go_through(self, scenario: Scenario, result: ScenarioResult, followed: Followed, watch: Watch) -> None:
        """Run the scenario, and settle what that leaves open."""
        self._exercise(scenario, result, followed, watch)
        if result.not_exercised is None:
            repeating = Repeating(result, watch)
            self._try_alone(scenario, result, followed, repeating)
            for finding in followed.take():
                result.note(finding, finding.attack)
            self._retell(scenario, result, followed, repeating)
            repeating.end()

    def _ghost(self, scenario: Scenario) -> Tenant:
        """Return the last of the scenario's block, who never stores anything."""
        return self._all.tenant((self._positions[scenario.name] + 1) * self._block - 1)

    def _exercise(self, scenario: Scenario, result: ScenarioResult, followed: Followed, watch: Watch) -> None:
        """Run the scenario itself; note its findings, and leave to the caller those that are still open."""
        population = self.population(scenario)
        # Those that see tenants alone speak when that was tried: no step is seen alone here.
        judges = [oracle(self._attributor) for oracle in self._oracles.values() if not oracle.alone]
        unattributed = Unattributed(self._attributor)
        with self._worlds.open(population, durable=scenario.durable) as executor:
            if self._available is None:
                self._available = self._worlds.available(executor, population.tenant(population.first))
                self.result.methods_missing = tuple(
                    spelt(name, self._target.keys) for name in METHODS if name not in self._available
                )
                self.result.possible = possible(self._available)
                self.result.uncalled = self._worlds.uncalled
            result.not_exercised = obstacle(scenario, self._available, self._target, self._settings)
            if result.not_exercised is not None:
                result.gap = gap(scenario, self._available, self._target, self._settings.allowed)
                return
            together = followed.noting(executor.together)
            for step in drive(scenario, population, executor.perform, self._available, together=together):
                result.count(step)
                followed.note(step.operation)
                result.recall.note(step)
                result.note_unattributed(step, unattributed.see(step))
                found = self._findings(judges, step, executor)
                result.pairs.note(step, self._attributor.tenant(step.operation.owner), found)
                for finding in found:
                    if finding.verdict is Verdict.INCONCLUSIVE:
                        followed.unsettled.append(finding)
                    else:
                        result.note(finding, finding.attack)
                if self._worlds.fresh:
                    followed.follow(step)
                watch(result)

    def _findings(self, judges: Iterable[Judge], step: Step, executor: Executor) -> list[Finding]:
        judged = (look_again(one, executor, self._attributor) for judge in judges for one in judge(step))
        found = [one for one in judged if one is not None]
        return [replace(one, fails=True) if one.klass in self._settings.fail_on else one for one in found]

    def _try_alone(self, scenario: Scenario, result: ScenarioResult, followed: Followed, repeating: Repeating) -> None:
        """Settle what is open; where nothing was found, compare what some tenants saw with what they see alone.

        A leak, too, is a difference from what is seen alone: to tell it twice would be no news.
        """
        opened = partial(self._worlds.open, durable=scenario.durable)
        alone = AloneWorlds(followed.performed, self._attributor, opened, repeating)
        doing = f"settling {len(followed.unsettled)} suspicion{'s' if len(followed.unsettled) > 1 else ''}"
        repeating.begin(doing, alone.at_most(followed.unsettled), alone=True)
        settled = [alone.settle(finding) for finding in followed.unsettled]
        followed.unsettled[:] = [finding for finding in settled if finding is not None]
        found = (*followed.unsettled, *(group.example for group in result.findings))
        violated = any(finding.verdict is Verdict.VIOLATED for finding in found)
        if violated or followed.uncompared or not self._worlds.fresh or "noninterference" not in self._oracles:
            return
        result.compared = True
        for position, tenant in enumerate(sorted(followed.compared), 1):
            repeating.begin(f"user {position} of {len(followed.compared)} alone", TO_COMPARE, alone=True)
            for finding in alone.differences(tenant, followed.steps_for(tenant)):
                result.note(finding, finding.attack)

    def _retell(self, scenario: Scenario, result: ScenarioResult, followed: Followed, repeating: Repeating) -> None:
        """Play what was found again, and make it small."""
        if self._effort.retold and self._available is not None:
            groups, moves = list(result.groups.values()), tuple(followed.moves)
            self._retelling.retell(groups, moves, self._available, repeating, durable=scenario.durable)
            result.regroup()

    def _compared(self, scenario: Scenario) -> frozenset[int]:
        """Choose the tenants that are compared with themselves alone: the first, the last and those between."""
        population = self.population(scenario)
        last, parts = population.size - 1, self._effort.compared
        return frozenset(population.first + last * part // (parts - 1) for part in range(parts))
