"""What became of a finding when the calls that led to it were made again."""

from dataclasses import dataclass
from typing import TypeAlias

from .operations import Operation, Together

Moves: TypeAlias = tuple[Operation | Together, ...]


@dataclass(frozen=True, slots=True)
class Retold:
    """The fewest `moves` that were seen to show it, of `whole` operations in all; with `why`, all those that led to it.

    `why` says that, and how often, they showed it no more. Operations count from 1: `raised` are those whose call
    raised, `named` the adds whose reply told the id of the new record. `awaited` are the methods whose replies had to
    be awaited, and `make_memory` where that had to. `exchange` are the lines that tell what was said over the wire
    meanwhile, where the target tells it.
    """

    moves: Moves
    whole: int
    raised: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    why: str = ""
    awaited: frozenset[str] = frozenset()
    exchange: tuple[str, ...] = ()

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations in order, also those that begin together."""
        return tuple(one for move in self.moves for one in (move.operations if isinstance(move, Together) else (move,)))
