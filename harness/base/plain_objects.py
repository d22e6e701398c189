"""A stranger's object becomes a dict, a list, a text or a number here, and all that it shows is gathered."""

import dataclasses
from collections import UserString
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, time, timedelta
from enum import Enum
from numbers import Number, Real
from pathlib import PurePath
from types import ModuleType
from typing import Any, TypeAlias
from uuid import UUID

BYTES = (bytes, bytearray, memoryview)
# Deeper than this nobody nests on purpose; what lies there is read as its str().
DEPTH = 32

# Their str() tells all that a reader wants to know of them; their fields tell less, or the whole program.
_LEAVES = (Number, UserString, date, time, timedelta, Enum, PurePath, UUID, type, BaseException, ModuleType)
# How objects say what they hold: pydantic's models, pandas' frames, named tuples.
_DUMPS = ("model_dump", "to_dict", "dict", "_asdict")

# A dict, a list, a str, or something that has nothing inside.
Plain: TypeAlias = Any
# The keys and, in lists, the positions that lead to a thing.
Path: TypeAlias = tuple[str | int, ...]


class Gathering:
    """Collects each text inside of things, at any depth, also those that stand as keys, in order.

    `numbers` holds those of the things that were taken with a path, each with its own path; a bool is none.
    """

    __slots__ = ("_seen", "numbers", "texts")

    def __init__(self) -> None:
        """Start empty."""
        self.texts: list[str] = []
        self.numbers: list[tuple[Path, float]] = []
        # Held until the end, for the id of an object that is gone may be given to another.
        self._seen: dict[int, object] = {}

    def take(self, value: object, path: Path | None = None, depth: int = DEPTH) -> None:
        """Gather what the thing shows; what can be read only once is read once."""
        if isinstance(value, str):
            if value:
                self.texts.append(value)
            return
        if path is not None and not isinstance(value, bool) and (number := number_of(value)) is not None:
            self.numbers.append((path, number))
            return
        if value is None or isinstance(value, (int, float)) or id(value) in self._seen:
            return
        self._seen[id(value)] = value
        inside = plain(value) if depth else own_words(value)
        if isinstance(inside, dict):
            for key, inner in inside.items():
                self.take(key, None, depth - 1)
                self.take(inner, None if path is None else (*path, str(key)), depth - 1)
        elif isinstance(inside, list):
            for position, inner in enumerate(inside):
                self.take(inner, None if path is None else (*path, position), depth - 1)
        elif not isinstance(inside, Number) and (text := own_words(inside)):
            self.texts.append(text)


def number_of(value: object) -> float | None:
    """Return a real number as a float; None for anything else, and for what no float can hold."""
    try:
        return float(value) if isinstance(value, (int, float, Real)) else None
    except OverflowError:
        return None


def plain(value: object) -> Plain:
    """Return one level of anything as a dict or a list; bytes as text; what has nothing inside as it is."""
    for _ in range(DEPTH):
        if value is None or isinstance(value, (dict, list, str, int, float)):
            return value
        if isinstance(value, BYTES):
            return bytes(value).decode(errors="replace")
        if type(value) is tuple or isinstance(value, (set, frozenset)):
            return list(value)
        if isinstance(value, _LEAVES):
            return value
        if isinstance(value, Mapping):
            return dict(value)
        if (dumped := _dumped(value)) is None:
            return _inside(value)
        value = dumped
    return value


def own_words(value: object) -> str:
    """Return what a thing says of itself; the default, a kind and an address, says nothing."""
    kind = type(value)
    silent = kind.__str__ is object.__str__ and kind.__repr__ is object.__repr__
    return "" if silent or isinstance(value, ModuleType) or callable(value) else str(value)


def _dumped(value: object) -> object:
    """Return what the object says it holds, None where it does not say."""
    for name in _DUMPS:
        dump = getattr(value, name, None)
        for options in ({"orient": "records"}, {}) if name == "to_dict" else ({},):
            # Where it wants other arguments, its fields can be read all the same.
            with suppress(TypeError, ValueError):
                if callable(dump):
                    return dump(**options)
    return None


def _inside(value: object) -> Plain:
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}
    if isinstance(value, Iterable):
        keys = getattr(value, "keys", None)
        # A row of a database has keys and is no Mapping.
        return {key: value[key] for key in keys()} if callable(keys) else list(value)  # type: ignore[index]  # a row's
    return _fields(value) or value


def _fields(value: object) -> dict[str, object]:
    """Return an object's public fields, its private texts, and what its properties show of the other private ones.

    A private field that nothing shows, such as the client behind a page, is not what the principal was given.
    """
    names = [*getattr(value, "__dict__", ())]
    for kind in type(value).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        names.extend((slots,) if isinstance(slots, str) else slots)
    found: dict[str, object] = {}
    for name in names:
        public = name.lstrip("_")
        inner = getattr(value, name, None)
        if name != public and isinstance(getattr(type(value), public or name, None), property):
            found[public] = getattr(value, public)
        elif name == public or isinstance(inner, (str, *BYTES)):
            found[name] = inner
    return found
