"""An id that only a listing tells: how the lines for a shell find it there again, in whatever order records come."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

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


def picked(body: bytes, ident: str) -> Picked | None:
    """Return how a record of this id is found in a listing again, None where it is not there or has no such word."""
    try:
        found: Any = json.loads(body)
    except ValueError:
        return None
    for way in _ways_to(found, ident):
        at = max((number for number, step in enumerate(way) if isinstance(step, int)), default=None)
        if at is None or not all(isinstance(step, int) or _KEY.fullmatch(step) for step in way):
            continue
        records: Any = found
        for step in way[:at]:
            records = records[step]
        others = " ".join(str(one) for number, one in enumerate(records) if number != way[at])
        words = [word for word in _said(records[way[at]]) if word not in others]
        if words:
            return Picked(way[:at], max(words, key=len), way[at + 1 :])
    return None


def _ways_to(inside: Any, ident: str, way: _Way = ()) -> Iterator[_Way]:  # noqa: ANN401 - JSON
    if isinstance(inside, dict):
        for key, value in inside.items():
            yield from _ways_to(value, ident, (*way, key))
    elif isinstance(inside, list):
        for number, value in enumerate(inside):
            yield from _ways_to(value, ident, (*way, number))
    elif isinstance(inside, str | int) and not isinstance(inside, bool) and str(inside) == ident:
        yield way


def _said(record: Any) -> list[str]:  # noqa: ANN401 - as above
    """Return the words of a record's sentences: its ids and times are others when the lines are run."""
    if isinstance(record, dict | list):
        values = record.values() if isinstance(record, dict) else record
        return [word for value in values for word in _said(value)]
    return _WORD.findall(record) if isinstance(record, str) and " " in record.strip() else []


def _written(way: _Way) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f'["{step}"]' for step in way)
