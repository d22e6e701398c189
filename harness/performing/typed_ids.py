"""Ids that are no texts, such as serial numbers: a text in all that we say, and sent back as what they were."""

from contextlib import suppress
from typing import Any, Self
from uuid import UUID

from ..base.plain_objects import plain
from .arguments import takes_text_alone


class TypedId(str):
    """An id as a text; `native` is what the target itself gave. In another process it is the text alone."""

    __slots__ = ("native",)
    native: object

    def __new__(cls, native: object) -> Self:
        """Take what the target gave."""
        made = super().__new__(cls, str(plain(native)))
        made.native = native
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as a text: what a stranger made may not travel at all."""
        return str, (str(self),)


def id_text(value: object) -> str | None:
    """Return an id as a text that remembers what it was; None for none."""
    return value if value is None or type(value) is str else TypedId(value)


def alike(text: str, known: str | None) -> str:
    """Return an id of the same type as a known one, where that type can be made of a text."""
    kind = type(known.native) if isinstance(known, TypedId) else str
    if kind is int or kind is UUID:
        with suppress(ValueError):
            return TypedId(kind(text))
    return text


def native(value: str, method: object = None) -> object:
    """Return an id as its target gave it; as a text where the method's signature says that it takes nothing else."""
    if not isinstance(value, TypedId):
        return value
    return str(value) if takes_text_alone(method) else value.native
