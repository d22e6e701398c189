"""What tells in a text whose fact it is: the fact's code, and its name, which survives where a code is dropped."""

from enum import StrEnum
from typing import TypeAlias

from . import canaries, names
from .canaries import CanaryCodec


class Mark(StrEnum):
    """By what a fact is known."""

    CODE = "code"
    NAME = "name"


# Whose fact it is, which, by which mark, and the mark as it stands in the text.
Marked: TypeAlias = tuple[int, int, Mark, str]


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
        """Return the codes in the text, then the names."""
        found: list[Marked] = []
        known: dict[int, tuple[int, int] | None] = {}
        for value, words in canaries.values(text):
            known[value] = said = self._codec.unsealed(value)
            if said is not None:
                found.append((*said, Mark.CODE, words))
        for value, words in names.values(text):
            # Most texts have both marks of a fact, and where the code is one, so is the name.
            said = known[value] if value in known else self._codec.unsealed(value)
            if said is not None:
                found.append((*said, Mark.NAME, words))
        return found
