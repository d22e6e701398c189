"""Explores a target with generated histories: a campaign whose one scenario they are."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from ..base.errors import Spent
from ..base.versions import versions
from ..judging.oracles import Oracle
from ..judging.unattributed import Unattributed
from ..model.channels import possible, spelt
from ..model.counterexamples import Counterexample, Move
from ..model.findings import Finding, Verdict
from ..model.gaps import Gap
from ..model.observations import Step
from ..model.own_errors import OwnErrors
from ..model.reasons import Reason
from ..model.results import CampaignResult
from ..model.retold import Retold
from ..model.scenario_results import Kind, ScenarioResult
from ..performing.awaiting import Awaiter
from ..performing.contract import METHODS, Target
from ..performing.permissions import permitted
from ..performing.playing import COMPARING, Play
from ..performing.redaction import redact
from ..plans.population import Population
from ..plans.shrinking import shrink
from .explorations import SUMMARY, Exploration, ExploreSettings
from .generation.controlled import try_control
from .generation.histories import Enough, generate
from .generation.stages import TargetStage
from .kept import MOST, Kept, Known, retold
from .left_out import left_out
from .preamble import preamble
from .retelling import ELSEWHERE
from .seen_again import TRIES, begins_at_once, once, seen_in
from .settings import HISTORIES
from .ways_out import permission
from .wordless import learn

Watch = Callable[[Exploration], None]
_GRAVER = f"not made small: {MOST} graver kinds came first. Once a baseline accepts these, the next are made small"
_TOLD = "a scenario has found the same, made small there; memfence explore makes this one small, too"


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
        told: Known | None = None,
        shrinks: bool = True,
        awaiter: Awaiter | None = None,
    ) -> None:
        """Take the target; with `until` it ends at the first finding that this is true of, and tries no control.

        `known` tells of a finding, and the family of ids under which it was made, whether a baseline accepts it: such
        a one takes no other's place. `told`, beside scenarios, says of a finding that one of them has shown it: that
        is not made small again, and what only worlds without the others tell is asked until it is violated once.
        `shrinks`: what was found is made as small as can be. `awaiter` is the event loop of others, where there are
        some.
        """
        target = permitted(target, disposable=settings.disposable, allow_destructive=settings.allow_destructive)
        self._target = target
        self._settings = settings
        self._oracles = oracles
        self._until = until
        self._shrinks = shrinks
        self._awaiter = awaiter or Awaiter()
        self._lent = awaiter is not None
        self._told = told or (lambda *_: False)
        self._beside = told is not None
        self._known = known
        self._kept = Kept(lambda finding, family: self._told(finding, family) or known(finding, family))
        self._shrunk: set[Kind] = set()
        self._scenario = ScenarioResult(
            HISTORIES,
            SUMMARY,
            may_refuse=True,
            may_forget=target.may_forget,
            own_errors=OwnErrors(tuple(kind.__name__ for kind in target.refusals)),
            interrupted=True,
            repeat=settings.command(target.name),
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
                preamble=preamble(target),
                unsaid=target.disposable is None,
                keys=target.keys,
                sessions=target.sessions,
                by_file=target.by_file,
            ),
            wanted=settings.examples,
        )

    def run(self, watch: Watch = lambda _: None) -> Exploration:
        """Generate and judge; then shrink what was found, and try the control.

        `watch` is called after each example, and after each that is shrunk. Raises TargetError where the target cannot
        be started.
        """
        exploration, result = self.exploration, self.exploration.result
        started = time.perf_counter()
        stage = self.stage(watch)
        result.tenant_prefix = stage.population.prefix
        result.methods_missing = tuple(
            spelt(name, self._target.keys) for name in METHODS if name not in stage.available
        )
        result.possible = possible(stage.available)
        result.uncalled = stage.worlds.uncalled
        if not stage.may_destroy:
            self._scenario.gap = Gap(permission(self._target), unpermitted=True, destructive=True)
        result.notes = (*result.notes, *left_out(self._target, stage))
        try:
            with suppress(Enough):
                generate(stage, self._settings.seed, self._settings.examples, self._settings.steps)
            self._scenario.interrupted = False
            if self._shrinks:
                self._shrink(stage, watch)
            newcomer = stage.population.tenant(stage.population.first)
            learn(self._scenario, stage.worlds, newcomer, stage.rules.attributor, stage.available)
            if self._until is None:
                self._scenario.control = try_control(self._target, self._settings, self._oracles, self._awaiter)
        except (KeyboardInterrupt, Spent) as end:
            if isinstance(end, Spent):
                self._scenario.failure, self._scenario.interrupted = Reason.STOPPED.told(why=end), False
            else:
                result.interrupted = True
            for kind, found in self._kept.in_order()[:MOST]:
                if kind not in self._shrunk and not self._told(found.finding, found.family):
                    self._tell(kind, found)
        finally:
            if self._target.disposable:
                redact(self._scenario, stage.keep)
            problem = stage.close()
            result.warnings += [problem] if problem else []
            result.inside = stage.worlds.inside
            result.left_behind = stage.worlds.left_behind
            result.passed, result.places = stage.worlds.passed, stage.worlds.places
            result.seconds = self._scenario.seconds = time.perf_counter() - started
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
        violated = finding.verdict is Verdict.VIOLATED and not self._known(finding, family)
        stays = self._target.start is None and violated
        if stays or (self._until is not None and self._until(finding)):
            raise Enough

    def asks_alone(self, play: Play) -> bool:
        """Tell whether a history is worth the worlds in which its tenants are alone: they cost most of the time."""
        return not (self._beside and (play.violated or COMPARING in self.exploration.first))

    def count(self, step: Step, seen: Unattributed) -> None:
        """Count a step of it, and the records in it that nobody can be named for."""
        self._scenario.count(step)
        self._scenario.note_unattributed(step, seen.see(step))

    def stage(self, watch: Watch) -> "_Watched":
        """Open the target."""
        return _Watched(self, watch, self._target, self._oracles, self._settings, awaiter=self._awaiter)

    def _shrink(self, stage: TargetStage, watch: Watch) -> None:
        """Make the gravest kinds small; a class of attack that ordinary ids and questions do as well takes no place."""
        ordinary: set[tuple[object, ...]] = set()
        for kind, one in self._kept.in_order():
            *same, family = kind
            why = ""
            if self._told(one.finding, one.family):
                why = _TOLD
            elif family and tuple(same) in ordinary:
                why = ELSEWHERE
            elif self.exploration.kinds == MOST:
                why = _GRAVER
                self.exploration.unshrunk += 1
            if why:
                self._scenario.groups[kind].retold = Retold(one.moves, one.whole, why=why)
                continue
            self.exploration.kinds += 1
            again = _Again(stage, one.finding)
            small = shrink(one, again, stage.population)
            found = replace(small, family=stage.family(retold(small)))
            if not found.family:
                ordinary.add(tuple(same))
            self._tell(kind, found, again.told(small))
            watch(self.exploration)

    def _tell(self, kind: Kind, found: Counterexample, again: Retold | None = None) -> None:
        """Take a counterexample, and let the report tell the story of it: with the operations that it takes."""
        self._shrunk.add(kind)
        self._kept.tell(found)
        self.exploration.counterexamples = self._kept.counterexamples
        self._scenario.retell(kind, retold(found), found.family, again)


class _Again:
    """Makes moves again on a stage, and remembers the last play that showed the finding."""

    def __init__(self, stage: TargetStage, finding: Finding) -> None:
        self._stage = stage
        self._finding = finding
        self._play: Play | None = None

    def __call__(self, moves: Sequence[Move]) -> tuple[Finding | None, tuple[Move, ...]]:
        known = self._finding
        shown, play = self._stage.again(moves, known.oracle, known.verdict, known.channel)
        self._play = play if shown is not None else self._play
        return shown, tuple(play.moves)

    def told(self, small: Counterexample) -> Retold:
        """Return what a report tells; where nothing smaller was found, the history itself is tried again."""
        for _ in range(TRIES):
            if self._play is not None:
                break
            self(small.moves)
        if self._play is not None and self._is_steady(self._play):
            return seen_in(self._play, small.whole)
        return Retold(small.moves, small.whole, why=once(small.whole))

    def _is_steady(self, play: Play) -> bool:
        moves = tuple(play.moves)
        return not begins_at_once(moves) or any(self(moves)[0] is not None for _ in range(TRIES))


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

    def settled(self, play: Play, only: str | None = None) -> Iterator[Finding]:
        if only is not None or self._explorer.asks_alone(play):
            yield from super().settled(play, only)

    def noted(self, step: Step) -> None:
        self._explorer.count(step, self._seen)

    def found(self, play: Play, finding: Finding) -> None:
        try:
            self._explorer.take(play, finding, self.family(finding))
        except Enough:
            self.enough = True
            raise
