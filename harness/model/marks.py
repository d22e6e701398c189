"""What tells in a text whose fact it is: the fact's code, and its name, which survives where a code is dropped."""

from enum import StrEnum
from typing import TypeAlias

from . import canaries, names
from .canaries import CanaryCodec


class Mark(StrEnum):
    """By what a fact is known."""

    CODE = "code"
    NAME = "name"


# Whose fact it is, which, the mark as it stands in the text, and which of the fact's marks the text holds.
Marked: TypeAlias = tuple[int, int, str, frozenset[Mark]]
_CODE, _NAME, _BOTH = frozenset({Mark.CODE}), frozenset({Mark.NAME}), frozenset(Mark)


class MarkCodec:
    """Writes and reads both marks of each fact of one campaign."""

    __slots__ = ("_codec",)

    def __init__(self, codec: CanaryCodec) -> None:
        """Take what seals the campaign's codes; its names are the same bits in other letters."""
        self._codec = codec

    def encode(self, tenant: int, fact: int) -> tuple[str, str]:
        """Return the code and the name of a tenant's fact; raises ValueError as the codes do."""
        value = self._codec.sealed(tenant, fact)
        return canaries.written(value), names.written(value)

    def decode(self, text: str) -> list[Marked]:
        """Return each code in the text, then each name whose code is not there, once."""
        unsealed = self._codec.unsealed
        # Where a fact's code is one, so is its name: both say the same bits.
        named = dict(names.values(text))
        found: list[Marked] = []
        coded: set[int] = set()
        for value, words in canaries.values(text):
            said = unsealed(value)
            if said is not None:
                found.append((*said, words, _BOTH if value in named else _CODE))
                coded.add(value)
        for value, words in named.items():
            said = None if value in coded else unsealed(value)
            if said is not None:
                found.append((*said, words, _NAME))
        return found
