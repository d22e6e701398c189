"""A counterexample: the few moves that show a finding, and how moves are left out and changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from .findings import Finding
from .operations import (
    BY_ID,
    Add,
    Chat,
    Copy,
    Delete,
    Get,
    GetAll,
    History,
    Operation,
    PlantLink,
    Search,
    Together,
    Update,
)
from .tenants import Tenant

Move: TypeAlias = Operation | Together


@dataclass(frozen=True, slots=True)
class Counterexample:
    """What shows a finding: `moves` in order, and the finding as they show it.

    A `RecordRef` in them counts operations from 1. `whole` is how many operations the history had in which it was
    found, `family` the ids that it hangs on; empty where ordinary ones are enough.
    """

    moves: tuple[Move, ...]
    finding: Finding
    whole: int
    family: str = ""

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations in order, also those that begin together."""
        return tuple(flat(self.moves))

    @property
    def principals(self) -> tuple[Tenant, ...]:
        """Who acts, in order of appearance; one that acts under two ids is named twice."""
        found: list[Tenant] = []
        for operation in self.operations:
            if operation.principal not in found:
                found.append(operation.principal)
        return tuple(found)

    @property
    def tenants(self) -> int:
        """How many tenants act."""
        return len({operation.principal.index for operation in self.operations})


def flat(moves: Iterable[Move]) -> Iterator[Operation]:
    """Yield the operations of moves."""
    for move in moves:
        yield from move.operations if isinstance(move, Together) else (move,)


def without(moves: Sequence[Move], left_out: Callable[[int], bool]) -> tuple[Move, ...]:
    """Return the moves but for those at positions that are left out; what names a record of theirs names none."""
    steps: dict[int, int] = {}
    kept: list[Move] = []
    index = now = 0
    for position, move in enumerate(moves):
        for _ in flat([move]):
            index += 1
            if not left_out(position):
                now += 1
                steps[index] = now
        if not left_out(position):
            kept.append(move)
    return tuple(renumbered(kept, steps))


def renumbered(moves: Iterable[Move], steps: Mapping[int, int]) -> Iterator[Move]:
    """Yield the moves with their records' steps renamed; a step that is not named is no Add's."""

    def rename(operation: Operation) -> Operation:
        if not isinstance(operation, (*BY_ID, PlantLink, Search)) or operation.record is None:
            return operation
        record = replace(operation.record, step=steps.get(operation.record.step, 0))
        if isinstance(operation, Copy | PlantLink):
            to = replace(operation.to, step=steps.get(operation.to.step, 0))
            return replace(operation, record=record, to=to)
        return replace(operation, record=record)

    return changed(moves, rename)


def changed(moves: Iterable[Move], change: Callable[[Operation], Operation]) -> Iterator[Move]:
    """Yield the moves with each operation changed."""
    for move in moves:
        yield Together(tuple(map(change, move.operations))) if isinstance(move, Together) else change(move)


def plainer(operation: Operation) -> Iterator[Operation]:
    """Yield the operation in plainer forms, the plainest first."""
    match operation:
        case Get() | Update() | Delete() | History() | Copy() if operation.record.spelt:
            principal, record = operation.principal.trying(""), replace(operation.record, spelt="")
            yield replace(operation, principal=principal, record=record)
        case Add(under=under, ttl=ttl) if under is not None or ttl is not None:
            yield replace(operation, under=None, ttl=None)
        case Add(text=text, metadata=metadata) if text is not None or metadata is not None:
            yield replace(operation, text=None, metadata=None, into=None)
        case Update(metadata=metadata) if metadata is not None:
            yield replace(operation, metadata=None, into=None)
        case Search(filters=filters, query=query, seeks=seeks):
            if query != seeks.bare or filters is not None:
                yield replace(operation, query=seeks.bare, filters=None)
            if filters is not None:
                yield replace(operation, filters=None)
        case GetAll(filters=filters, prefix=prefix) if filters is not None or prefix is not None:
            yield replace(operation, filters=None, prefix=None)
        case Chat(principal=principal, fact=fact, seeks=seeks) if seeks.owner == principal.index and seeks != fact:
            yield replace(operation, seeks=fact)
        case _:
            return
