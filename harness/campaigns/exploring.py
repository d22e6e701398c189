"""Explores a target with generated histories: a campaign whose one scenario is the machine."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import count

from hypothesis import seed as seeded
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from ..base.errors import Spent
from ..base.versions import versions
from ..judging.oracles import Oracle
from ..judging.unattributed import Unattributed
from ..model.channels import possible
from ..model.counterexamples import Counterexample, Move
from ..model.findings import Finding, Verdict
from ..model.gaps import Gap
from ..model.observations import Step
from ..model.results import CampaignResult
from ..model.scenario_results import ControlResult, Kind, ScenarioResult
from ..performing.awaiting import Awaiter
from ..performing.contract import METHODS, Target
from ..performing.playing import Play
from ..performing.redaction import redact
from ..plans.population import Population
from ..plans.shrinking import shrink
from .explorations import MACHINE, SUMMARY, Exploration, ExploreSettings
from .generation.machine import IsolationMachine
from .generation.profiles import in_the_users_cache, settings_for
from .generation.stages import TargetStage
from .kept import Kept, Known, retold
from .left_out import left_out
from .ways_out import permission

_CONTROL = "reroute"
# How many examples may pass until a leak that was made certain is seen.
_CONTROL_EXAMPLES = 60
_FEW = 4
# How many couples these are drawn from.
_WINDOW = 6
# So that neighbouring seeds begin with other couples.
_APART = 16

Watch = Callable[[Exploration], None]


class Enough(BaseException):
    """Ends an exploration whose question is answered; Hypothesis lets through what is no Exception."""


class Explorer:
    """Explores one target and keeps the exploration up to date, so that an interruption loses nothing."""

    def __init__(
        self,
        target: Target,
        settings: ExploreSettings,
        oracles: Mapping[str, Oracle],
        *,
        until: Callable[[Finding], bool] | None = None,
        known: Known = lambda *_: False,
        shrinks: bool = True,
        awaiter: Awaiter | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Take the target; with `until` it ends at the first finding that this is true of, and tries no control.

        `known` tells of a finding, and the family of ids under which it was made, whether a baseline accepts it: such
        a one takes no other's place. `shrinks`: what was found is made as small as can be. `awaiter` is the event loop
        of others, where there are some.
        """
        self._target = target
        self._settings = settings
        self._oracles = oracles
        self._until = until
        self._shrinks = shrinks
        self._awaiter = awaiter or Awaiter()
        self._lent = awaiter is not None
        self._clock = clock
        self._kept = Kept(known)
        self._shrunk: set[Kind] = set()
        self._scenario = ScenarioResult(
            MACHINE, SUMMARY, may_refuse=True, interrupted=True, repeat=settings.command(target.name)
        )
        self.exploration = Exploration(
            CampaignResult(
                target=target.name,
                seed=settings.seed,
                settings=settings.as_dict(),
                versions=versions(),
                repeat=settings.command(target.name),
                scenarios=[self._scenario],
                notes=target.notes,
                foremost=target.foremost,
                location=target.location,
                mem0=target.mem0,
            ),
            wanted=settings.examples,
        )

    def run(self, watch: Watch = lambda _: None) -> Exploration:
        """Generate and judge; then shrink what was found, or try the control where nothing was.

        `watch` is called after each example, and after each that is shrunk. Raises TargetError where the target cannot
        be started.
        """
        exploration, result = self.exploration, self.exploration.result
        started = self._clock()
        stage = self.stage(watch)
        result.tenant_prefix = stage.population.prefix
        result.methods_missing = tuple(name for name in METHODS if name not in stage.available)
        result.possible = possible(stage.available)
        if not stage.may_destroy:
            self._scenario.gap = Gap(permission(self._target), unpermitted=True, destructive=True)
        result.notes = (*result.notes, *left_out(self._target, stage))
        try:
            with suppress(Enough):
                _generate(stage, self._settings.seed, self._settings.examples, self._settings.steps)
            self._scenario.interrupted = False
            if self._shrinks:
                self._shrink(stage, watch)
            if not self._kept.found and self._until is None:
                self._scenario.control = _control(self._target, self._settings, self._oracles, self._awaiter)
        except (KeyboardInterrupt, Spent) as end:
            if isinstance(end, Spent):
                self._scenario.failure, self._scenario.interrupted = str(end), False
            else:
                result.interrupted = True
            for kind, found in self._kept.gravest():
                if kind not in self._shrunk:
                    self._tell(kind, found)
        finally:
            if self._target.disposable:
                redact(self._scenario, stage.keep)
            problem = stage.close()
            result.warnings += [problem] if problem else []
            result.inside = stage.worlds.inside
            result.left_behind = stage.worlds.left_behind
            result.passed = stage.worlds.passed
            result.seconds = self._clock() - started
            if not self._lent:
                self._awaiter.close()
        return exploration

    def take(self, play: Play, finding: Finding, family: str) -> None:
        """Take a finding of the example that is being played; `family` are the ids that it was made under."""
        self._scenario.note(finding, family)
        if finding.verdict is Verdict.HELD or not play.includes(finding.owner):
            # What others left in a store that stays is no story of this history's.
            return
        self._kept.take(Counterexample(tuple(play.moves), finding, len(play.steps), family))
        self.exploration.first.setdefault(finding.oracle, self.exploration.examples)
        # In a store that stays, each further history would be shown all the ones before; a known hole ends nothing.
        violated = finding.verdict is Verdict.VIOLATED and not self._kept.known(finding, family)
        stays = self._target.start is None and violated
        if stays or (self._until is not None and self._until(finding)):
            raise Enough

    def count(self, step: Step, seen: Unattributed) -> None:
        """Count a step of it, and the records in it that nobody can be named for."""
        self._scenario.count(step)
        self._scenario.note_unattributed(seen.see(step))

    def stage(self, watch: Watch) -> "_Watched":
        """Open the target."""
        return _Watched(self, watch, self._target, self._oracles, self._settings, awaiter=self._awaiter)

    def _shrink(self, stage: TargetStage, watch: Watch) -> None:
        gravest = self._kept.gravest()
        self.exploration.kinds = len(gravest)
        self.exploration.unshrunk = len(self._kept.found) - len(gravest)
        for kind, found in gravest:
            finding = found.finding

            def shows(moves: Sequence[Move], finding: Finding = finding) -> tuple[Finding | None, tuple[Move, ...]]:
                shown, play = stage.again(moves, finding.oracle, finding.verdict, finding.channel)
                return shown, tuple(play.moves)

            small = shrink(found, shows, stage.population)
            self._tell(kind, replace(small, family=stage.family(retold(small))))
            watch(self.exploration)

    def _tell(self, kind: Kind, found: Counterexample) -> None:
        """Take a counterexample, and let the report tell the story of it: with the operations that it takes."""
        self._shrunk.add(kind)
        self._kept.tell(found)
        self.exploration.counterexamples = self._kept.counterexamples
        self._scenario.retell(kind, retold(found), found.family)


class _Watched(TargetStage):
    """A stage that tells an explorer what is played on it."""

    def __init__(
        self,
        explorer: Explorer,
        watch: Watch,
        target: Target,
        oracles: Mapping[str, Oracle],
        settings: ExploreSettings,
        *,
        awaiter: Awaiter,
    ) -> None:
        self._explorer = explorer
        self._watch = watch
        super().__init__(target, oracles, settings, awaiter=awaiter)
        self._seen = Unattributed(self.rules.attributor)

    def cast(self) -> Population:
        self._watch(self._explorer.exploration)
        self._seen = Unattributed(self.rules.attributor)
        cast = super().cast()
        self._explorer.exploration.examples = self.played
        return cast

    def noted(self, step: Step) -> None:
        self._explorer.count(step, self._seen)

    def found(self, play: Play, finding: Finding) -> None:
        try:
            self._explorer.take(play, finding, self.family(finding))
        except Enough:
            self.enough = True
            raise


class _Controlled(TargetStage):
    """A stage on which each probe goes to the victim's own memory: the first oracle that sees it is enough."""

    caught_by: str | None = None
    silent = True

    def found(self, play: Play, finding: Finding) -> None:
        # The negative control: in a fresh world nobody stored anything for who has not acted.
        if self.worlds.fresh and not play.includes(finding.owner):
            self.silent = False
        if finding.verdict is Verdict.VIOLATED:
            self.caught_by = finding.oracle
            self.enough = True
            raise Enough


def _control(
    target: Target, settings: ExploreSettings, oracles: Mapping[str, Oracle], awaiter: Awaiter
) -> ControlResult:
    """Tell whether a leak that was made certain is seen by the same machine on the same target."""
    stage = _Controlled(replace(target, close=None), oracles, settings, controlled=_CONTROL, awaiter=awaiter)
    try:
        with suppress(Enough):
            _generate(stage, settings.seed, _CONTROL_EXAMPLES, settings.steps)
    finally:
        stage.close()
    return ControlResult(_CONTROL, stage.caught_by, negative_silent=stage.silent)


def _generate(stage: TargetStage, seed: int, examples: int, steps: int) -> None:
    """Generate histories, a few at a time.

    Left to itself for long, Hypothesis varies what it has drawn before: of all couples it would try some often and
    others never. So each few examples begin anew, and have the next couple.
    """
    for turn in count():
        left = examples - stage.played
        if left <= 0:
            return
        first = (turn + _APART * seed) * _WINDOW
        stage.window = range(first, first + _WINDOW)
        machine = seeded(seed << 20 | turn)(type("GeneratedHistory", (IsolationMachine,), {"stage": stage}))
        with in_the_users_cache():
            try:
                run_state_machine_as_test(machine, settings=settings_for(examples=min(left, _FEW), steps=steps))
            except Flaky:
                # The target answered the same calls otherwise than before, so Hypothesis gives up on these.
                if stage.enough:
                    raise Enough from None
            except Exception:
                if stage.failure is not None:
                    raise stage.failure from None
                raise
