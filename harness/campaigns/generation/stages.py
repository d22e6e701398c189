"""Where machines play: worlds of one target, with other tenants for each example."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial

from ...base.errors import HarnessError
from ...breakages.controls import control
from ...judging.attribution import CanaryAttributor
from ...judging.oracles import Oracle
from ...model.canaries import TENANTS
from ...model.channels import Ability, Channel
from ...model.counterexamples import Counterexample, Move, flat
from ...model.findings import Finding, FindingClass, Verdict
from ...model.observations import Step
from ...model.operations import Reopen
from ...model.tenants import Tenant
from ...performing.awaiting import Awaiter
from ...performing.contract import Target
from ...performing.executor import Executor
from ...performing.offers import named
from ...performing.permissions import permitted
from ...performing.playing import Play, Rules
from ...performing.redaction import Redaction
from ...performing.worlds import Worlds
from ...plans.casting import NAMES, ORDER, couple
from ...plans.population import Population
from ...plans.recasting import Recast
from ...plans.scope_keys import ScopeKey
from ..explorations import ExploreSettings
from .learning import scope_keys
from .violations import violation

# Two who meet, and two who may join them.
CAST = 4
# In a store that stays, scenarios of the same seed may have left theirs.
_BEYOND = 1 << 20


class TargetStage:
    """Opens a world of the target for each history; raises TargetError where that cannot be.

    Ids that are an attack, and operations that destroy, are tried where the target may be wiped, and such ids only
    where each world is a fresh one: the same id would meet itself from another example.
    """

    def __init__(
        self,
        target: Target,
        oracles: Mapping[str, Oracle],
        settings: ExploreSettings,
        *,
        controlled: str | None = None,
        awaiter: Awaiter | None = None,
    ) -> None:
        """Take the target; `controlled` names a positive control, `awaiter` is an event loop that others use, too."""
        target = permitted(target, disposable=settings.disposable, allow_destructive=settings.allow_destructive)
        form = settings.id_form or target.id_form
        self.population = Population(settings.seed, TENANTS, id_form=form, keys=target.keys)
        self.target = target
        self._allowed = settings.allowed
        self._controlled = controlled
        attributor = CanaryAttributor(self.population)
        self.keep: Callable[[str], str] = str if settings.show_content else Redaction(self.population, attributor)
        self.worlds = Worlds(
            target,
            settle=settings.settle,
            top_k=settings.top_k,
            keep=self.keep,
            ours=lambda text: bool(attributor.content(text)),
            awaiter=awaiter,
        )
        self.may_destroy = bool(target.disposable) or settings.allow_destructive
        self._durable = False
        self._families: dict[tuple[str, object], str] = {}
        self._casts = 0
        # How many examples were begun; what went wrong with opening a world; whether the question is answered.
        self.played = 0
        self.enough = False
        # Which couples come next; where nobody says so, those that are drawn.
        self.deck: Iterator[int] | None = None
        self.failure: HarnessError | None = None
        # By which keys records tell whose they are; learned before the first example.
        self.scope_keys: tuple[ScopeKey, ...] = ()
        first = self._next()
        with self.worlds.open(first) as executor:
            self.available = self.worlds.available(executor, first.tenant(first.first))
        self.rules = Rules(attributor, oracles, self.available)
        self._starts_durable = target.start is not None and "durable" in named(target.start)

    @property
    def tries_hostile_ids(self) -> bool:
        """Whether ids are drawn that are an attack."""
        return bool(self.target.disposable) and self.worlds.fresh

    def reopens(self, *, durable: bool) -> bool:
        """Tell whether such a world can be closed and opened again."""
        return self.target.reopen is not None and (durable or not self._starts_durable)

    def resets(self, drawn: int) -> bool:
        """Tell whether an example resets its store once: one in ten does, and one in three where that costs nothing."""
        cheap = self.target.start is not None and not self._starts_durable
        return (
            bool(self.target.disposable) and Ability.RESET in self.available and drawn in ((1, 2, 3) if cheap else (1,))
        )

    def cast(self) -> Population:
        """Return tenants for an example."""
        if not self.played:
            with ExitStack() as leaving:
                learner = self._next()
                executor = self._world(learner, leaving, durable=False)
                named_keys = self.target.scope_keys
                self.scope_keys = scope_keys(executor, learner.tenant(learner.first), self.available, named_keys)
        self.played += 1
        return self._next()

    def _next(self) -> Population:
        """Return tenants that have not played yet."""
        first = self._casts * CAST + (0 if self.worlds.fresh else _BEYOND)
        self._casts += 1
        return self.population.block(first=first, size=CAST)

    def couple(self, victim: Tenant, attacker: Tenant, which: int) -> tuple[Tenant, Tenant]:
        """Return the two under ids that a store may take for one; or under their own, where such are not tried."""
        if not self.tries_hostile_ids:
            return victim, attacker
        number = which if self.deck is None else next(self.deck)
        family, member = ORDER[number % len(ORDER)]
        found = couple(victim, attacker, family, member, self._allowed)
        needed = {name for tenant in found for name, _ in tenant.within}
        needed |= {Ability.GUESTS for tenant in found if tenant.guest}
        if not needed <= self.available:
            return victim, attacker
        self._families |= {_named(one): NAMES[family] for one in found if one.hostile or one.within}
        return found

    def family(self, finding: Finding) -> str:
        """Return the family of ids under which it was found, empty where ordinary ids are enough."""
        if finding.attack:
            return finding.attack
        acting = (finding.step.operation.principal, *(one.principal for one in reversed(finding.witness)))
        return next((self._families[_named(one)] for one in acting if _named(one) in self._families), "")

    def open(self, tenants: Population, leaving: ExitStack, *, durable: bool) -> Play:
        """Open a world that is left with `leaving`, and begin a history in it."""
        self._durable = durable
        executor = self._world(tenants, leaving, durable=durable)
        perform = control(self._controlled)(executor, tenants) if self._controlled else None
        return Play(executor, self.rules, perform)

    def _world(self, tenants: Population, leaving: ExitStack, *, durable: bool) -> Executor:
        try:
            return leaving.enter_context(self.worlds.open(tenants, durable=durable))
        except HarnessError as error:
            # Hypothesis would try again, and tell of it in its own words.
            self.failure = error
            raise

    def settled(self, play: Play, only: str | None = None) -> Iterator[Finding]:
        """Yield what is still open, compared with what tenants see alone where that can be tried."""
        if self.worlds.fresh and not self._controlled:
            yield from play.settle(partial(self.worlds.open, durable=self._durable), only)
        else:
            yield from play.unsettled()

    def noted(self, step: Step) -> None:
        """Take a step that was made; by itself it is no news."""

    def found(self, play: Play, finding: Finding) -> None:
        """End the example with a violation: one class of exception for each oracle, so that two bugs are two."""
        if finding.verdict is Verdict.VIOLATED:
            raise violation(Counterexample(tuple(play.moves), finding, len(play.steps)))

    def again(
        self, moves: Sequence[Move], oracle: str, verdict: Verdict, channel: Channel | None = None
    ) -> tuple[Finding | None, Play]:
        """Make the moves in a world of their own; return the first finding of this oracle with this verdict, if any.

        With a `channel`, the first by that one.
        """
        moves = tuple(moves)
        indices = dict.fromkeys(operation.principal.index for operation in flat(moves))
        tenants = self.population.block(first=min(indices), size=CAST)
        if not self.worlds.fresh:
            # Those who have played before would meet what they stored then.
            tenants = self._next()
            parts = {index: tenants.first + index % CAST for index in indices}
            moves = Recast(self.population, self.population, parts)(moves)
        durable = any(isinstance(operation, Reopen) for operation in flat(moves))
        with ExitStack() as leaving:
            play = self.open(tenants, leaving, durable=durable)

            def wanted(finding: Finding) -> bool:
                same = finding.oracle == oracle and finding.verdict is verdict and play.includes(finding.owner)
                return same and channel in (None, finding.channel)

            found = play.until(moves, wanted)
            if found is not None:
                return found, play
        found = next(filter(wanted, self.settled(play, oracle)), None)
        if found is not None and found.klass is FindingClass.INTERFERENCE:
            play.end_with(found)
        return found, play

    def close(self) -> str | None:
        """End the target; return what went wrong with that."""
        return self.worlds.close()


def _named(tenant: Tenant) -> tuple[str, object]:
    # An id that is an attack may be a list.
    return repr(tenant.id), tenant.within
