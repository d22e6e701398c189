"""What the value of an option must be, by the type of its field: from a project's table, from text, from a call."""

import math
import types
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin

from ..base.errors import UnknownNameError

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value must be, in words; whether it is; and what is made of it.

    `read` is what it is as text, as in an ini file; text that is no such value stays as it is, to be refused by name.
    """

    what: str
    fits: Callable[[object], bool]
    make: Callable[[Any], object] = lambda value: value
    read: Callable[[str], object] = str


def kind_of(hint: Any, choices: Iterable[str], name: str) -> Kind:  # noqa: ANN401 - a type, or a union of some
    """Return the kind of a field with this type; an enumeration's names are checked, and told as `name` where wrong.

    `choices` are those that may be chosen, all where there are none. Raises KeyError for a type that no option has.
    """
    own = _without_none(hint)
    if get_origin(own) is not tuple:
        return _PLAIN[own]
    member = get_args(own)[0]
    if member is Path:
        return Kind(_LIST, _are_texts, lambda value: tuple(map(Path, _texts(value))))
    if not issubclass(member, Enum):
        return Kind(_LIST, _are_texts, _texts)
    known = [one for one in member if one in (list(choices) or list(member))]
    return Kind(_LIST, _are_texts, lambda value: tuple(_one_of(known, one, name) for one in _texts(value)))


def is_list(hint: Any) -> bool:  # noqa: ANN401 - as above
    """Tell whether a field of this type holds several values."""
    return get_origin(_without_none(hint)) is tuple


def on_the_line(hint: Any) -> Any:  # noqa: ANN401 - as above
    """Return the type that the command line reads for a field of this type: None where nothing is said."""
    own = _without_none(hint)
    if is_list(own):
        own = list[Path] if get_args(own)[0] is Path else list[str]
    return own | None


def _without_none(hint: Any) -> Any:  # noqa: ANN401 - as above
    if get_origin(hint) in (Union, types.UnionType):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint


def _is_whole(value: object) -> bool:
    # True is an int in Python, and no number of users.
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _whole(text: str) -> object:
    with suppress(ValueError):
        return int(text)
    return text


def _are_texts(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, (list, tuple)) and all(isinstance(one, (str, Path)) for one in value)
    )


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - a string or a list of them, as checked before
    return (value,) if isinstance(value, str) else tuple(value)


def _one_of(choices: Iterable[_T], name: str, kind: str) -> _T:
    for choice in choices:
        if choice == name:
            return choice
    raise UnknownNameError(name, kind=kind, choices=map(str, choices))


_LIST = "a string or a list of strings"
_PLAIN = {
    str: Kind("a string", lambda value: isinstance(value, str)),
    int: Kind("a whole number", _is_whole, read=_whole),
    float: Kind("a number", _is_number, float),
    bool: Kind("true or false", lambda value: isinstance(value, bool)),
    Path: Kind("a string", lambda value: isinstance(value, (str, Path)), Path),
}
