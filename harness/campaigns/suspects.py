"""Which moves of a history a finding may hang on."""

from collections.abc import Iterator

from ..model.counterexamples import Move, flat, without
from ..model.findings import Finding
from ..model.observations import Step
from ..model.operations import Add, Chat, Copy, Crowd, Operation, Update
from ..model.retold import Moves
from ..model.tenants import Tenant

# So many moves before the one that showed it are tried by themselves.
_NEAR = 40


def parts(moves: Moves, finding: Finding) -> Iterator[Moves]:
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


def stores(step: Step, owner: Tenant) -> bool:
    """Tell whether a step may have stored a fact of this tenant."""
    operation = step.operation
    if isinstance(operation, Crowd):
        return True
    writes = isinstance(operation, Add | Chat | Update | Copy)
    return writes and owner.index in (operation.principal.index, operation.owner)
