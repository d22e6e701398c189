"""The further methods by which a keyed resource may be asked: what they take, and what they tell."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from numbers import Number
from typing import Any, TypeAlias

from ..base.plain_objects import BYTES
from .contract import FAILURES

# What a stranger's method takes and gives.
_Any: TypeAlias = Any
# How a parameter is called that takes the words of whoever asks. Another, such as a field to count by, is not guessed.
_WORDS = frozenset({"text", "query", "q", "words", "question", "string", "sought"})


def forms_of(name: str, method: Callable[..., _Any]) -> Iterator[str]:
    """Yield the method and in which forms it can be asked: with a text, for all; nothing where it needs anything else.

    As `Search.requires` and `GetAll.requires` say it.
    """
    try:
        parameters = list(inspect.signature(method, follow_wrapped=False).parameters.values())
    except FAILURES:
        return
    places = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    many = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    first = next((one.name for one in parameters if one.kind in places), "")
    needed = [one.name for one in parameters if one.default is inspect.Parameter.empty and one.kind not in many]
    takes_text = first in _WORDS and needed in ([], [first])
    if takes_text or not needed:
        yield name
    if takes_text:
        yield f"{name}.text"
    if not needed:
        yield f"{name}.all"


def asked(method: Callable[..., _Any], read: Callable[[_Any], _Any]) -> Callable[..., _Any]:
    """Return the method with a text or without, its reply read; how many it shows is its own affair."""
    return lambda *texts: read(method(*texts))


def counted(reply: _Any) -> _Any:
    """Return what counts tell as numbers that stand beside no record, each value with its own."""
    if isinstance(reply, Number) and not isinstance(reply, bool):
        return {"count": reply}
    if isinstance(reply, Mapping):
        # In one order, whichever came first.
        return {"facets": sorted(([value, number] for value, number in reply.items()), key=str)}
    if isinstance(reply, Iterable) and not isinstance(reply, (str, *BYTES)):
        return {"facets": list(reply)}
    return reply
