"""The short texts of a record by their keys: one of them may tell whose it is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..model.observations import Record, Returned

# A label is short, lies not deep, and is one of few.
_LONGEST, _DEPTH, _MOST = 200, 3, 40
# What no label is, by any name.
_NO_LABELS = frozenset({"id", "memory_id", "hash", "created_at", "updated_at", "event", "role"})


def fields(record: dict[Any, Any], keep: Callable[[str], str], *, but: str | None) -> Iterator[tuple[str, str]]:
    """Yield each short text of a plain record behind the keys that lead to it, but for its own text.

    What `keep` would not keep as it is, is left out, its key too: that may be a stranger's.
    """
    count = 0
    for key, value in record.items():
        # Numbers and what is missing hold no text: told at once, for each record that is seen comes by here.
        if value is None or key == but or key in _NO_LABELS or isinstance(value, (float, int)):
            continue
        for path, text in _texts(key, value, _DEPTH):
            if count >= _MOST:
                return
            count += 1
            if text and keep(text) == text:
                yield path, text


def labelled(returned: Returned, keys: Sequence[str]) -> Returned:
    """Let what stands under a key that the target names be the label of each record that carries no `user_id`.

    The outermost counts: what stands deeper may be what a caller gave.
    """
    if not keys or all(record.label is not None for record in returned.records):
        return returned
    records = [record if record.label is not None else _labelled(record, keys) for record in returned.records]
    return replace(returned, records=tuple(records))


def _labelled(record: Record, keys: Sequence[str]) -> Record:
    found = [(path.count("."), text) for path, text in record.fields if path in keys or path.rpartition(".")[2] in keys]
    return replace(record, label=min(found, key=lambda one: one[0])[1]) if found else record


def _texts(path: object, value: object, depth: int) -> Iterator[tuple[str, str]]:
    # What a caller's key is called is of no use where it is no text.
    if not isinstance(path, str):
        return
    match value:
        case str():
            if len(value) <= _LONGEST:
                yield path, value
        case dict() if depth:
            for key, inner in value.items():
                if isinstance(key, str):
                    yield from _texts(f"{path}.{key}", inner, depth - 1)
        case list() | tuple() if depth:
            for inner in value[:_MOST]:
                yield from _texts(f"{path}[]", inner, depth - 1)
