"""Operations in one world, one after the other, each judged as it comes: what a generated or a saved history is."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeAlias

from ..judging.attribution import Attributor
from ..judging.oracles import Oracle
from ..model.counterexamples import Move
from ..model.findings import Finding, Verdict
from ..model.observations import Step
from ..model.operations import Add, Operation, Together
from ..model.tenants import Tenant
from .driving import either
from .executor import Executor
from .settling import AloneWorlds, look_again

# The oracle that sees tenants alone.
COMPARING = "noninterference"
Perform: TypeAlias = Callable[[Operation, int], Step]
Open: TypeAlias = Callable[[Iterable[Tenant]], AbstractContextManager[Executor]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a history is judged by: whose a text is, the oracles, and what the target offers."""

    attributor: Attributor
    oracles: Mapping[str, Oracle]
    available: frozenset[str]


class Play:
    """One history in one open world.

    `moves` are those that were made, `steps` what became of them; `findings` is what the oracles said at once. What
    hangs on what a tenant sees alone is said by `settle`, once the world is left.
    """

    def __init__(self, executor: Executor, rules: Rules, perform: Perform | None = None) -> None:
        """Begin; `perform` takes the executor's place for a control."""
        self.moves: list[Move] = []
        self.steps: list[Step] = []
        self.findings: list[Finding] = []
        self._executor = executor
        self._perform = perform or executor.perform
        self._rules = rules
        self._judges = [oracle(rules.attributor) for oracle in rules.oracles.values()]
        self._unsettled: list[Finding] = []
        self._concurrent = False

    def make(self, move: Move) -> Step | None:
        """Make a move; return what became of it, of several operations the last, None where nothing fits the target."""
        wanted = move.operations if isinstance(move, Together) else (move,)
        fitting = [found for found in (either(one, self._rules.available) for one in wanted) if found is not None]
        if not fitting:
            return None
        first = len(self.steps) + 1
        if len(fitting) > 1:
            self._concurrent = True
            self.moves.append(Together(tuple(fitting)))
            steps = self._executor.together(fitting, first)
        else:
            self.moves.append(fitting[0])
            steps = [self._perform(fitting[0], first)]
        for step in steps:
            self.steps.append(step)
            self._judge(step)
        return steps[-1]

    def until(self, moves: Iterable[Move], wanted: Callable[[Finding], bool]) -> Finding | None:
        """Make moves until a finding is wanted, and return it; None where none is."""
        for move in moves:
            self.make(move)
            found = next(filter(wanted, self.findings), None)
            if found is not None:
                return found
        return None

    def end_with(self, finding: Finding) -> None:
        """Leave out the moves after the one that a finding is about: what came later cannot have changed it."""
        made = 0
        for place, move in enumerate(self.moves, 1):
            made += len(move.operations) if isinstance(move, Together) else 1
            if made >= finding.step.index:
                del self.moves[place:], self.steps[made:]
                return

    @property
    def violated(self) -> bool:
        """Whether an oracle has said so, at once."""
        return any(finding.verdict is Verdict.VIOLATED for finding in self.findings)

    @property
    def awaited(self) -> frozenset[str]:
        """What had to be awaited, as in Memories."""
        return frozenset(self._executor.awaited)

    def includes(self, tenant: Tenant) -> bool:
        """Tell whether a tenant has acted."""
        return any(step.operation.principal.index == tenant.index for step in self.steps)

    def settle(self, opened: Open, only: str | None = None) -> Iterator[Finding]:
        """Yield what only worlds without the others can tell; `opened` opens one for tenants.

        The play's own world must have been left. Not compared are a history that is violated already, for a leak, too,
        is a difference, and one in which operations began together, for who came first is chance. `only` names the one
        oracle that is asked: each answer costs worlds.
        """
        performed = [step.operation for step in self.steps]
        alone = AloneWorlds(performed, self._rules.attributor, opened)
        violated = self.violated
        open_still = [finding for finding in self._unsettled if only in (None, finding.oracle)]
        for finding in open_still[:1] if violated else open_still:
            settled = alone.settle(finding)
            if settled is None:
                continue
            violated = violated or settled.verdict is Verdict.VIOLATED
            yield settled
        if violated or self._concurrent or only not in (None, COMPARING) or COMPARING not in self._rules.oracles:
            return
        acted = dict.fromkeys(step.operation.principal.index for step in self.steps)
        # Who was alone saw what it sees alone.
        for tenant in acted if len(acted) > 1 else ():
            yield from alone.differences(tenant, self._seen_by(tenant))

    def unsettled(self) -> Sequence[Finding]:
        """Return what is left open where no world without the others can be had."""
        return self._unsettled

    def _seen_by(self, tenant: int) -> list[Step]:
        return [
            step for step in self.steps if step.operation.principal.index == tenant or isinstance(step.operation, Add)
        ]

    def _judge(self, step: Step) -> None:
        for judge in self._judges:
            for found in judge(step):
                finding = look_again(found, self._executor, self._rules.attributor)
                if finding is None:
                    continue
                if finding.verdict is Verdict.INCONCLUSIVE:
                    self._unsettled.append(finding)
                else:
                    self.findings.append(finding)
