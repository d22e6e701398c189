"""Plays again what led to a finding and makes it small: what a report tells was seen to show it."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from ..base.errors import HarnessError
from ..judging.attribution import CanaryAttributor
from ..judging.oracles import Oracle
from ..model.canaries import TENANTS
from ..model.counterexamples import Counterexample, Move, flat, without
from ..model.findings import Finding, FindingClass, FindingGroup, Severity, Verdict
from ..model.observations import Returned
from ..model.operations import Add, Chat, Operation, Reopen
from ..model.retold import Moves, Retold
from ..performing.contract import Target
from ..performing.playing import Play, Rules
from ..performing.redaction import Redaction
from ..performing.worlds import Worlds
from ..plans.population import Population
from ..plans.recasting import Recast
from ..plans.shrinking import shrink

# So many moves before the one that showed it are tried by themselves.
_NEAR = 40
# More than this nobody reads: it counts as not made small.
_LEGIBLE = 30
# How often a whole history is played before it counts as seen once: what is random shows not each time.
TRIES = 3
# What playing again may take: so many seconds, and so much of the time that the campaign has taken until then. What
# hangs on what tenants see alone costs many worlds, and has a purse of its own.
_PURSE, _PURSE_ALONE = (2.5, 0.15), (0.5, 0.1)
# In a store that stays, who plays again is nobody that a scenario, an exploration or a control has.
_BEYOND = 1 << 22
_GRAVEST = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


class _Late(Exception):  # noqa: N818 - no failure: the time is used up
    """Ends playing again; what is known by then is told."""


class Retelling:
    """Retells the findings of a campaign's scenarios, as long as there is time.

    `spared` counts the findings for which there was none left.
    """

    def __init__(
        self,
        target: Target,
        worlds: Worlds,
        oracles: dict[str, Oracle],
        seed: int,
        *,
        show_content: bool,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Take the target, and worlds whose event loop is used, too."""
        self._spent = [0.0, 0.0]
        self.spared = 0
        self._everybody = Population(seed, TENANTS)
        attributor = CanaryAttributor(self._everybody)
        self.keep: Callable[[str], str] = str if show_content else Redaction(self._everybody, attributor)
        self._worlds = worlds.beside(keep=self.keep, ours=lambda text: bool(attributor.content(text)))
        self._attributor = attributor
        self._oracles = oracles
        self._fresh = target.start is not None
        self._clock = clock
        self._started = clock()
        self._casts = 0

    @property
    def seconds(self) -> float:
        """What it has taken."""
        return sum(self._spent)

    @property
    def left_behind(self) -> int:
        """How many facts of those who played could not be removed."""
        return self._worlds.left_behind

    def retell(self, groups: Sequence[FindingGroup], moves: Moves, available: frozenset[str], *, durable: bool) -> None:
        """Give each violated group the fewest moves that show its example again, the gravest first."""
        rules = Rules(self._attributor, self._oracles, available)
        violated = [one for one in groups if one.example.verdict is Verdict.VIOLATED and one.retold is None]
        for group in sorted(violated, key=lambda one: _GRAVEST.index(one.example.severity)):
            begun = self._clock()
            alone = group.example.klass is FindingClass.INTERFERENCE
            seconds, share = _PURSE_ALONE if alone else _PURSE
            left = seconds + share * (begun - self._started - self.seconds) - self._spent[alone]
            deadline = begun + left
            retold = _Retold(self, group.example, rules, durable=durable, deadline=deadline)
            group.retold = retold.of(moves)
            self._spent[alone] += self._clock() - begun
            self.spared += retold.late
            if retold.shown is not None:
                group.example = replace(retold.shown, witness=group.retold.operations)

    def play(
        self, moves: Moves, rules: Rules, wanted: Callable[[Finding], bool], *, durable: bool, settles: str | None
    ) -> tuple[Finding | None, Play]:
        """Make the moves in a world of their own; return the first finding that is wanted, if any.

        `settles` is the oracle whose findings hang on what tenants see alone: that costs many worlds.
        """
        indices = sorted({operation.principal.index for operation in flat(moves)})
        if not self._fresh:
            moves = self._by_others(moves, indices)
        tenants = [operation.principal for operation in flat(moves)]
        durable = durable or any(isinstance(operation, Reopen) for operation in flat(moves))
        with self._worlds.open(tenants, durable=durable) as executor:
            play = Play(executor, rules)
            found = play.until(moves, wanted)
        if found is None and self._fresh and settles is not None:
            found = next(filter(wanted, play.settle(partial(self._worlds.open, durable=durable), settles)), None)
        return found, play

    def now(self) -> float:
        """Return the clock's time."""
        return self._clock()

    def shrunk(self, found: Counterexample, shows: Callable[[Sequence[Move]], tuple[Finding | None, Moves]]) -> None:
        """Shrink a counterexample; each smaller one is known to `shows`."""
        shrink(found, shows, self._everybody)

    def _by_others(self, moves: Moves, indices: Sequence[int]) -> Moves:
        """Give the moves to tenants who have not played: those who have would meet what they stored."""
        first = _BEYOND + self._casts
        self._casts += len(indices)
        parts = {index: first + position for position, index in enumerate(indices)}
        return Recast(self._everybody, self._everybody, parts)(moves)


class _Retold:
    """One finding, retold: `shown` is it as it was seen again, `late` whether the time was over."""

    def __init__(self, retelling: Retelling, finding: Finding, rules: Rules, *, durable: bool, deadline: float) -> None:
        self.shown: Finding | None = None
        self.late = False
        self._retelling = retelling
        self._finding = finding
        self._rules = rules
        self._durable = durable
        self._deadline = deadline
        self._play: Play | None = None

    def of(self, moves: Moves) -> Retold:
        whole = sum(1 for _ in flat(moves))
        why = ""
        try:
            why = self._find(moves)
            if self.shown is not None and self._play is not None:
                found = Counterexample(tuple(self._play.moves), self.shown, whole)
                self._retelling.shrunk(found, self._shows)
        except _Late:
            self.late = True
            why = "there was no time left to play it again"
        except HarnessError as error:
            why = "" if self.shown else f"it could not be played again: {error}"
        if self.shown is None or self._play is None:
            return Retold(moves, whole, why=why)
        made = len(self._play.steps)
        if made > _LEGIBLE:
            self.shown = None
            left = f"{made} of its {whole} calls show it again; there was no time left to make them fewer"
            return Retold(tuple(self._play.moves), whole, why=left)
        return seen_in(self._play, whole)

    def _find(self, moves: Moves) -> str:
        """Look for the finding in parts of the history, then in all of it; return why it was not found."""
        for part in _parts(moves, self._finding):
            if self._shows(part)[0] is not None:
                return ""
        for _ in range(TRIES):
            if self._shows(moves)[0] is not None:
                return ""
        return once(sum(1 for _ in flat(moves)))

    def _shows(self, moves: Sequence[Move]) -> tuple[Finding | None, Moves]:
        if self._retelling.now() > self._deadline:
            raise _Late
        settles = self._finding.oracle if self._finding.klass is FindingClass.INTERFERENCE else None
        found, play = self._retelling.play(
            tuple(moves), self._rules, self._is_wanted, durable=self._durable, settles=settles
        )
        if found is not None:
            self.shown, self._play = found, play
        return found, tuple(play.moves)

    def _is_wanted(self, finding: Finding) -> bool:
        known = self._finding
        return (finding.oracle, finding.verdict, finding.channel) == (known.oracle, known.verdict, known.channel)


def _parts(moves: Moves, finding: Finding) -> Iterator[Moves]:
    """Yield the moves that the oracle named, then more and more of those that came with them."""

    def is_named(move: Move) -> bool:
        return any(_alike(operation, named) for operation in flat([move]) for named in finding.witness)

    pair = {finding.observer.index, finding.owner.index}

    def is_of_two(move: Move) -> bool:
        return any(operation.principal.index in pair for operation in flat([move]))

    named = {at for at, move in enumerate(moves) if is_named(move)}
    two = {at for at, move in enumerate(moves) if is_of_two(move)}
    last = max(named, default=len(moves))
    near = set(range(max(last - _NEAR, 0), last + 1))
    for kept in (named, named | (near & two), named | near, two):
        if 0 < len(kept) < len(moves):
            yield without(moves, lambda at, kept=kept: at not in kept)  # type: ignore[misc]  # mypy reads no default


def _alike(operation: Operation, named: Operation) -> bool:
    """Tell whether an oracle may have meant this operation: it makes up the Add of a fact that it has not seen."""
    if isinstance(operation, Add | Chat) and isinstance(named, Add | Chat):
        return (operation.principal.index, operation.fact) == (named.principal.index, named.fact)
    return operation == named


def once(whole: int) -> str:
    """Return what is said of a finding that a history of so many calls did not show again."""
    return f"it was seen once: {TRIES} times all of its {whole} calls did not show it again"


def seen_in(play: Play, whole: int) -> Retold:
    """Return what is to be told of a play that showed a finding again, of `whole` operations that had led to it."""
    raised = {step.index for step in play.steps if not isinstance(step.observation, Returned)}
    named = {
        step.index
        for step in play.steps
        if isinstance(step.observation, Returned) and any(record.id for record in step.observation.records)
    }
    return Retold(tuple(play.moves), whole, frozenset(raised), frozenset(named))
