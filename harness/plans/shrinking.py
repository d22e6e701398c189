"""Makes a counterexample smaller for as long as it shows the same: fewer tenants, fewer moves, plainer words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from ..model.counterexamples import Counterexample, Move, changed, flat, plainer, without
from ..model.findings import Finding
from ..model.operations import Operation, Reopen, Together
from ..model.tenants import Tenant
from .clients import ASYNCHRONOUS
from .population import Population
from .recasting import Recast

# Makes the moves in a world of their own; returns the finding that they still show, None where they show it no more,
# and the moves as they were made: up to the finding, by other tenants where those of before have left something.
Shows: TypeAlias = Callable[[Sequence[Move]], tuple[Finding | None, tuple[Move, ...]]]
# A tenant has 1024 facts: four such stretches, its own and those of so many others.
_STRETCH, _OTHERS = 250, 3

# Classes of attack that hang on the ids alone under which a tenant comes.
_OF_IDS = ("id:", "scope:", "client:")


def shrink(found: Counterexample, shows: Shows, population: Population) -> Counterexample:
    """Return the smallest counterexample that can be had by leaving out or changing one thing after another.

    At the end no single move can be left out. `population` is what its tenants are of.
    """
    shrinker = _Shrinker(found, shows)
    size = None
    # Worlds that are opened again lie on disk, and cost most.
    shrinker.do_without(Reopen)
    while size != shrinker.size:
        size = shrinker.size
        shrinker.leave_out()
        shrinker.give_parts_away(population)
        shrinker.make_ordinary(population)
        shrinker.make_plainer()
    return shrinker.smallest


class _Shrinker:
    def __init__(self, found: Counterexample, shows: Shows) -> None:
        self.smallest = found
        self._shows = shows

    @property
    def size(self) -> tuple[int, int, str]:
        return self.smallest.tenants, len(self.smallest.operations), repr(self.smallest.moves)

    def _accept(self, moves: tuple[Move, ...]) -> bool:
        if not moves or not _tells_them_apart(moves):
            return False
        finding, made = self._shows(moves)
        if finding is None:
            return False
        self.smallest = replace(self.smallest, moves=made, finding=finding)
        return True

    def do_without(self, kind: type[Operation]) -> None:
        """Leave out all operations of a kind."""
        moves = self.smallest.moves
        unwanted = {position for position, move in enumerate(moves) if isinstance(move, kind)}
        if unwanted:
            self._accept(without(moves, unwanted.__contains__))

    def leave_out(self) -> None:
        """Leave out stretches of moves, the last first, then shorter ones, at last each by itself."""
        length = max(1, len(self.smallest.moves) // 2)
        while True:
            start = len(self.smallest.moves) - length
            while start > -length and len(self.smallest.moves) > 1:
                stretch = range(max(0, start), start + length)
                self._accept(without(self.smallest.moves, stretch.__contains__))
                start = min(start, len(self.smallest.moves)) - length
            if length == 1:
                return
            length //= 2

    def give_parts_away(self, population: Population) -> None:
        """Let one tenant do what another did, too."""
        indices = sorted({operation.principal.index for operation in self.smallest.operations})
        for position, old in enumerate(indices[1 : 1 + _OTHERS], 1):
            for new in indices[:position]:
                recast = Recast(population, population, {old: new}, {old: _STRETCH * position})
                try:
                    moves = recast(self.smallest.moves)
                except ValueError:
                    # It has been given so many facts already that these have no number left.
                    continue
                if len(indices) > 2 and self._accept(moves):  # noqa: PLR2004 - who sees, and whose it is
                    break

    def make_ordinary(self, population: Population) -> None:
        """Let tenants act under their own ids, and in no further scope."""
        for tenant in self.smallest.principals:
            for plain in _ordinary(tenant, population):

                def change(operation: Operation, tenant: Tenant = tenant, plain: Tenant = plain) -> Operation:
                    if operation.principal != tenant:
                        return operation
                    kind = operation.principal.kind
                    # Each of its operations goes on trying what it tried beside the ids.
                    of_who = kind.startswith(_OF_IDS) or plain.credential != tenant.credential
                    tried = plain.kind if of_who else kind
                    return replace(operation, principal=plain.trying(tried))

                if self._accept(tuple(changed(self.smallest.moves, change))):
                    break

    def make_plainer(self) -> None:
        """Take away what an operation tries in addition; let nothing begin together that need not."""
        for position in range(len(self.smallest.moves)):
            before, after = self.smallest.moves[:position], self.smallest.moves[position + 1 :]
            for instead in _instead(self.smallest.moves[position]):
                if self._accept((*before, *instead, *after)):
                    # What follows has another position now; the next round comes back to it.
                    return


def _tells_them_apart(moves: Sequence[Move]) -> bool:
    """Tell whether no two tenants act under the same ids: they would rightly share a memory."""
    under: dict[tuple[str, object], int] = {}
    acting = (operation.principal for operation in flat(moves))
    return all(under.setdefault((repr(one.id), frozenset(one.within)), one.index) == one.index for one in acting)


def _ordinary(tenant: Tenant, population: Population) -> Iterator[Tenant]:
    own = population.tenant(tenant.index)
    # What it tries beside its ids, such as a question, it tries still.
    kept = "" if tenant.kind.startswith(_OF_IDS) else tenant.kind
    by_client = "" if tenant.kind == ASYNCHRONOUS else tenant.kind
    plainly = "" if tenant.credential is not None else kept
    for plain in (
        replace(own, kind=plainly),
        replace(tenant, credential=None, kind=plainly),
        replace(tenant, within=()),
        replace(tenant, asynchronous=False, kind=by_client),
        replace(tenant, id=own.id, hostile=False, guest=False, kind=kept),
    ):
        if plain != tenant:
            yield plain


def _instead(move: Move) -> Iterator[tuple[Move, ...]]:
    """Yield what may take the move's place; it has as many operations, so that records keep their steps."""
    if not isinstance(move, Together):
        yield from ((plain,) for plain in plainer(move))
        return
    yield move.operations
    yield move.operations[::-1]
    for position, operation in enumerate(move.operations):
        for plain in plainer(operation):
            yield (Together((*move.operations[:position], plain, *move.operations[position + 1 :])),)
