"""An id that only a listing tells: how the lines for a shell find it there again, in whatever order records come."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from . import pointers

# Where a reply is read to hold a record's id, if the file does not say it, and in what a record may be nested.
_IDS = ("id", "memory_id", "_id", "uuid", "key")
_NESTING = ("memory", "data", "payload")
# What is in quotes in the lines must not end them.
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,}")
_KEY = re.compile(r"[\w @.-]+")
_Way: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Picked:
    """Where a record's id lies: the way to the list, a word that this record alone has, and the way from there."""

    listed: _Way
    word: str
    inside: _Way

    @property
    def program(self) -> str:
        """Return what prints the id of a listing that it is given, in Python."""
        way, among = _written(self.inside), _written(self.listed)
        found = f'one{way} for one in json.load(sys.stdin){among} if "{self.word}" in str(one)'
        return f"import json,sys; print(next({found}))"


def picked(body: bytes, ident: str, *, where: str = "", named: str = "") -> Picked | None:
    """Return how a record of this id is found in a listing again, None where it is not there or has no such word.

    `where` are its records and `named` is their id, where the file says so. Other fields may hold the same value: an
    owner's number is often also that of a record.
    """
    try:
        found: Any = json.loads(body)
    except ValueError:
        return None
    way = _way_along(found, pointers.steps(where))
    for listed, records in _lists(pointers.found(found, where), way):
        for number, record in enumerate(records):
            inside = _id_of(record, named)
            if inside is None or str(_along(record, inside)) != ident:
                continue
            if not all(isinstance(step, int) or _KEY.fullmatch(step) for step in (*listed, *inside)):
                continue
            others = " ".join(str(one) for at, one in enumerate(records) if at != number)
            words = [word for word in _said(record) if word not in others]
            if words:
                return Picked(listed, max(words, key=len), inside)
    return None


def _lists(inside: Any, way: _Way) -> Iterator[tuple[_Way, list[Any]]]:  # noqa: ANN401 - JSON
    """Return each list with the way to it, the outer ones first."""
    if isinstance(inside, list):
        yield way, inside
    parts = inside.items() if isinstance(inside, dict) else enumerate(inside) if isinstance(inside, list) else ()
    for step, value in parts:
        yield from _lists(value, (*way, step))


def _id_of(record: Any, named: str) -> _Way | None:  # noqa: ANN401 - as above
    """Return the way to a record's own id, None where it has none."""
    if not isinstance(record, dict):
        return None
    ways = [_way_along(record, pointers.steps(named))] if named else []
    ways += [(name,) for name in _IDS]
    ways += [(outer, name) for outer in _NESTING for name in _IDS]
    return next((way for way in ways if _is_id(_along(record, way))), None)


def _is_id(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _way_along(inside: Any, steps: tuple[str, ...]) -> _Way:  # noqa: ANN401 - as above
    """Return the steps of a pointer as JSON has them: those into a list are numbers."""
    way: _Way = ()
    for step in steps:
        way = (*way, int(step) if isinstance(_along(inside, way), list) and step.isdecimal() else step)
    return way


def _along(inside: Any, way: _Way) -> Any:  # noqa: ANN401 - as above
    """Return what lies there, MISSING where nothing does."""
    return pointers.found(inside, "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in way))


def _said(record: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return the words of a record's sentences: its ids and times are others when the lines are run."""
    if isinstance(record, dict | list):
        values = record.values() if isinstance(record, dict) else record
        return [word for value in values for word in _said(value)]
    return _WORD.findall(record) if isinstance(record, str) and " " in record.strip() else []


def _written(way: _Way) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f'["{step}"]' for step in way)
