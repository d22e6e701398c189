"""Plays again what led to a finding and makes it small: what a report tells was seen to show it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from ..base.errors import HarnessError
from ..judging.attribution import CanaryAttributor
from ..judging.oracles import Oracle
from ..model.canaries import TENANTS
from ..model.channels import Channel
from ..model.counterexamples import Counterexample, Move, flat
from ..model.findings import Finding, FindingClass, FindingGroup, Severity, Verdict
from ..model.operations import Reopen
from ..model.retold import Moves, Retold
from ..performing.contract import Target
from ..performing.playing import Play, Rules
from ..performing.redaction import Redaction
from ..performing.worlds import Worlds
from ..plans.population import Population
from ..plans.recasting import Recast
from ..plans.shrinking import shrink
from .repeating import Repeating
from .seen_again import TRIES, begins_at_once, once, seen_in
from .suspects import parts, stores

# More than this nobody reads: it counts as not made small.
_LEGIBLE = 30
# What playing again may take in a scenario, in operations: so many, and so many for each that it has performed. Not in
# seconds: the same seed must give the same report on any machine. What hangs on what tenants see alone has a purse of
# its own.
_PURSE, _PURSE_ALONE = (6000, 0.5), (2500, 0.25)
# To open a world costs as much as so many operations, to settle what tenants see alone as much as so many plays.
_WORLD, _SETTLING = 5, 10
# In a store that stays, who plays again is nobody that a scenario, an exploration or a control has.
_BEYOND = 1 << 22
# So many of them for each scenario.
_PLAYERS = 1 << 16
ELSEWHERE = "ordinary ids and questions show the same, and that was made small"
OUTLIVES = "something in your process outlives start(): look for class-level or module-level lists and caches"
# They speak of facts that somebody has stored.
_OF_FACTS = ("canary_leak", "prompt_bleed", "residue")
IN_PAIRS = "one call shows no time; the line after `repeat` measures it"
_GRAVEST = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


def _urgency(group: FindingGroup) -> tuple[bool, int]:
    """Return what is made small first: what needs no class of attack, then the gravest."""
    return group.family != "", _GRAVEST.index(group.example.severity)


class _Late(Exception):  # noqa: N818 - no failure: the purse is empty
    """Ends playing again; what is known by then is told."""


class Retelling:
    """Retells the findings of a campaign's scenarios, each as long as its purse lasts.

    `spent` is what was performed again in this scenario, in operations.
    """

    def __init__(
        self,
        target: Target,
        worlds: Worlds,
        oracles: dict[str, Oracle],
        population: Population,
        *,
        show_content: bool,
    ) -> None:
        """Take the target, and worlds whose event loop is used, too."""
        self.spent = {False: 0, True: 0}
        self._everybody = Population(population.seed, TENANTS, id_form=population.id_form, keys=population.keys)
        attributor = CanaryAttributor(self._everybody)
        self.keep: Callable[[str], str] = str if show_content else Redaction(self._everybody, attributor)
        self._worlds = worlds.beside(keep=self.keep, ours=lambda text: bool(attributor.content(text)))
        self._attributor = attributor
        self._oracles = oracles
        self._fresh = target.start is not None
        self._performed = 0
        self._casts = 0
        # Whether something was seen that nobody had stored since the target was started.
        self.outlives_start = False
        # What ordinary ids and questions are enough for.
        self._ordinary: set[tuple[str, FindingClass, Channel]] = set()

    def begin(self, position: int) -> None:
        """Begin the scenario at this position among all: what is told of it hangs on no other one."""
        self.spent = {False: 0, True: 0}
        self._performed = 0
        self._casts = position * _PLAYERS
        self.outlives_start = False
        self._ordinary.clear()

    @property
    def left_behind(self) -> int:
        """How many facts of those who played could not be removed."""
        return self._worlds.left_behind

    def retell(
        self,
        groups: Sequence[FindingGroup],
        moves: Moves,
        available: frozenset[str],
        repeating: Repeating,
        *,
        durable: bool,
    ) -> None:
        """Give each violated group the fewest moves that show its example again, the gravest first."""
        rules = Rules(self._attributor, self._oracles, available)
        self._performed += sum(1 for _ in flat(moves))
        violated = [one for one in groups if one.example.verdict is Verdict.VIOLATED and one.retold is None]
        for position, group in enumerate(sorted(violated, key=_urgency), 1):
            told = group.example
            kind = told.oracle, told.klass, told.channel
            whole = sum(1 for _ in flat(moves))
            if told.klass is FindingClass.TIMING:
                group.retold = Retold(told.witness, whole, named=frozenset({1}), why=IN_PAIRS)
                continue
            if group.family and kind in self._ordinary:
                group.retold = Retold(moves, whole, why=ELSEWHERE)
                continue
            retold = _Retold(self, group.example, rules, repeating, durable=durable)
            repeating.begin(f"making finding {position} of {len(violated)} small", self.left(alone=retold.alone))
            group.retold = retold.of(moves)
            if retold.shown is not None:
                evidence = (*retold.shown.evidence, *([OUTLIVES] if retold.hangs_on_an_earlier_play else []))
                group.example = replace(retold.shown, witness=group.retold.operations, evidence=evidence)
                if not group.example.attack:
                    self._ordinary.add(kind)

    def play(
        self, moves: Moves, rules: Rules, wanted: Callable[[Finding], bool], *, durable: bool, settles: str | None
    ) -> tuple[Finding | None, Play]:
        """Make the moves in a world of their own; return the first finding that is wanted, if any.

        `settles` is the oracle whose findings hang on what tenants see alone: that costs many worlds. A fact that was
        seen, and that its owner has not stored among these moves, is left from another play: from then on, who plays
        is always somebody new.
        """
        indices = sorted({operation.principal.index for operation in flat(moves)})
        if not self._fresh or self.outlives_start:
            moves = self._by_others(moves, indices)
        tenants = [operation.principal for operation in flat(moves)]
        durable = durable or any(isinstance(operation, Reopen) for operation in flat(moves))
        with self._worlds.open(tenants, durable=durable) as executor:
            play = Play(executor, rules)

            def told(finding: Finding) -> bool:
                if not wanted(finding):
                    return False
                stored = finding.oracle not in _OF_FACTS or any(stores(one, finding.owner) for one in play.steps)
                self.outlives_start |= self._fresh and not stored
                return stored

            found = play.until(moves, told)
        if found is None and self._fresh and settles is not None:
            found = next(filter(wanted, play.settle(partial(self._worlds.open, durable=durable), settles)), None)
            if found is not None:
                play.end_with(found)
        return found, play

    def pay(self, operations: int, *, alone: bool) -> None:
        """Take the price of a play from the purse; raises _Late where that was empty."""
        if not self.left(alone=alone):
            raise _Late
        self.spent[alone] += _price(operations, alone=alone)

    def left(self, *, alone: bool) -> int:
        """Return how many plays there is money for, if each were of one operation: there are never more."""
        some, share = _PURSE_ALONE if alone else _PURSE
        rest = some + share * self._performed - self.spent[alone]
        return 0 if rest < 0 else int(rest // _price(1, alone=alone)) + 1

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
    """One finding, retold: `shown` is it as it was seen again."""

    def __init__(
        self, retelling: Retelling, finding: Finding, rules: Rules, repeating: Repeating, *, durable: bool
    ) -> None:
        self.shown: Finding | None = None
        # A part of it was seen where its owner had stored nothing.
        self.hangs_on_an_earlier_play = False
        # It hangs on what tenants see alone: each play is settled, too.
        self.alone = finding.klass is FindingClass.INTERFERENCE
        self._repeating = repeating
        self._retelling = retelling
        self._finding = finding
        self._rules = rules
        self._durable = durable
        self._play: Play | None = None

    def of(self, moves: Moves) -> Retold:
        whole = sum(1 for _ in flat(moves))
        why = ""
        try:
            why = self._made_small(moves)
            if self.hangs_on_an_earlier_play:
                # What was left out so far may have been there from an earlier play.
                self.shown = self._play = None
                why = self._made_small(moves)
        except _Late:
            why = "others had used up what may be played again"
        except HarnessError as error:
            why = "" if self.shown else f"it could not be played again: {error}"
        if self.shown is None or self._play is None:
            return Retold(moves, whole, why=why)
        made = len(self._play.steps)
        if made > _LEGIBLE:
            self.shown = None
            left = (
                f"{made} of its {whole} calls show it again; others had used up what may be played to make them fewer"
            )
            return Retold(tuple(self._play.moves), whole, why=left)
        if not self._is_steady(self._play):
            self.shown = None
            return Retold(tuple(self._play.moves), whole, why=once(whole, f"{made} of its {whole}"))
        return seen_in(self._play, whole)

    def _made_small(self, moves: Moves) -> str:
        """Find it again and shrink it; return why it was not found."""
        before = self._retelling.outlives_start
        why = self._find(moves)
        if self.shown is not None and self._play is not None:
            found = Counterexample(tuple(self._play.moves), self.shown, sum(1 for _ in flat(moves)))
            self._retelling.shrunk(found, self._shows)
        self.hangs_on_an_earlier_play |= self._retelling.outlives_start and not before
        return why

    def _is_steady(self, play: Play) -> bool:
        """Tell whether a story in which chance decides who comes first shows the finding once more."""
        if not begins_at_once(play.moves):
            return True
        try:
            return any(self._shows(play.moves)[0] is not None for _ in range(TRIES))
        except (_Late, HarnessError):
            return False

    def _find(self, moves: Moves) -> str:
        """Look for the finding in parts of the history, then in all of it; return why it was not found."""
        for part in parts(moves, self._finding):
            if self._shows(part)[0] is not None:
                return ""
        for _ in range(TRIES):
            if self._shows(moves)[0] is not None:
                return ""
        return once(sum(1 for _ in flat(moves)))

    def _shows(self, moves: Sequence[Move]) -> tuple[Finding | None, Moves]:
        self._retelling.pay(sum(1 for _ in flat(moves)), alone=self.alone)
        self._repeating(self._retelling.left(alone=self.alone))
        settles = self._finding.oracle if self.alone else None
        found, play = self._retelling.play(
            tuple(moves), self._rules, self._is_wanted, durable=self._durable, settles=settles
        )
        if found is not None:
            found = replace(found, fails=self._finding.fails)
            self.shown, self._play = found, play
        return found, tuple(play.moves)

    def _is_wanted(self, finding: Finding) -> bool:
        known = self._finding
        finding = replace(finding, fails=known.fails)
        return (finding.oracle, finding.verdict, finding.channel) == (known.oracle, known.verdict, known.channel)


def _price(operations: int, *, alone: bool) -> int:
    return (operations + _WORLD) * (_SETTLING if alone else 1)
