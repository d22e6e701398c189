"""Replies of any mem0 shape become Records here; third-party objects go no further."""

import dataclasses
from collections import UserString
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, time, timedelta
from enum import Enum
from numbers import Number, Real
from pathlib import PurePath
from types import ModuleType
from typing import Any, Final, TypeAlias
from uuid import UUID

from .observations import Record, Returned

_TEXT_KEYS = ("memory", "text", "data", "content", "new_memory")
_LIST_KEYS = ("results", "memories", "data", "items")
# Some clients nest the stored item: {"memory": {...}, "score": ...}; vector stores call it the payload.
_NESTING_KEYS = (*_TEXT_KEYS, "payload")
# What mem0 writes for its own book-keeping: no text of a tenant's in it.
_BOOKKEEPING = frozenset({"id", "hash", "created_at", "updated_at", "score", "event", "role", "memory_id"})
_NO_ASIDE = _BOOKKEEPING | {"user_id"}
_KNOWN = _NO_ASIDE.union(_NESTING_KEYS, _LIST_KEYS, {"metadata"})
_BYTES = (bytes, bytearray, memoryview)
# Their str() tells all that a reader wants to know of them; their fields tell less, or the whole program.
_LEAVES = (Number, UserString, date, time, timedelta, Enum, PurePath, UUID, type, BaseException, ModuleType)
# How objects say what they hold: pydantic's models, pandas' frames, named tuples.
_DUMPS = ("model_dump", "to_dict", "dict", "_asdict")
# Deeper than this nobody nests on purpose; what lies there is read as its str().
_DEPTH = 32
# Where _flat puts the outer fields that nested ones took the place of; no reply can have this key.
_BESIDE: Final = object()

Keep: TypeAlias = Callable[[str], str]
# A dict, a list, a str, or something that has nothing inside.
_Plain: TypeAlias = Any


def read_reply(reply: object, keep: Keep) -> Returned:
    """Return the records of a reply and the texts beside them.

    Takes `{"results": [...]}`, `{id: record}`, a list of dicts, of strings or of objects, a page, one record, or
    nothing. Each text goes through `keep`, which may replace what must not be kept.
    """
    return _returned(*_split(_plain(reply)), keep)


def read_added(reply: object, keep: Keep) -> tuple[Returned, list[str]]:
    """Return what `read_reply` and `record_ids` do, reading the reply once: some can be read only once."""
    items, rest = _split(_plain(reply))
    return _returned(items, rest, keep), _ids(items)


def record_ids(reply: object) -> list[str]:
    """Return the ids of the records that an add's reply says are new, in order."""
    return _ids(_split(_plain(reply))[0])


def _returned(items: list[_Plain], rest: list[_Plain], keep: Keep) -> Returned:
    return Returned(
        records=tuple([_record(item, keep) for item in items]),
        aside=tuple(map(keep, _texts(rest))) if rest else (),
    )


def _ids(items: list[_Plain]) -> list[str]:
    """Return the ids of new records: mem0 also lists those that an add changed or removed, with another event."""
    found = (_identity(item) for item in items if isinstance(item, dict) and _is_new(item.get("event")))
    return list(filter(None, found))


def _is_new(event: object) -> bool:
    return event is None or str(event.value if isinstance(event, Enum) else event).upper() == "ADD"


def _identity(item: dict[Any, _Plain]) -> str | None:
    return _text_of(item.get("id", item.get("memory_id")))


def _split(reply: _Plain, depth: int = _DEPTH) -> tuple[list[_Plain], list[_Plain]]:
    """Return the items of a reply, each of them plain, and what stands beside them."""
    if isinstance(reply, list):
        return _split_list(reply)
    if not isinstance(reply, dict):
        return ([reply], []) if isinstance(reply, str) and reply else ([], [reply])
    is_record = "id" in reply or _text_key(reply) is not None
    for key in _LIST_KEYS:
        listed = _plain(reply.get(key))
        # A dict there is an envelope in an envelope: {"data": {"results": [...]}}.
        if isinstance(listed, list) or (isinstance(listed, dict) and depth and not is_record):
            items, rest = _split(listed, depth - 1)
            if items or isinstance(listed, list):
                return items, [*rest, _without(reply, key)]
    if is_record or any(_nested(reply, key) is not None for key in _NESTING_KEYS):
        return [_flat(reply)], []
    if not reply or not _KNOWN.isdisjoint(reply):
        return [], [reply]
    by_id = {key: _plain(value) for key, value in reply.items()}
    if not all(isinstance(value, dict) for value in by_id.values()):
        return [], [by_id]
    # A record's own id is the better one; the key is then a text beside it.
    keys = [key for key, value in by_id.items() if str(value.get("id", key)) != str(key)]
    return [_flat({"id": key, **value}) for key, value in by_id.items()], keys


def _split_list(listed: list[Any]) -> tuple[list[_Plain], list[_Plain]]:
    items: list[_Plain] = []
    rest: list[_Plain] = []
    for entry in listed:
        item = _plain(entry)
        if isinstance(item, dict):
            items.append(_flat(item))
        elif isinstance(item, list):
            # A record with its score, or a page: (record, 0.5), [[record, record], next].
            inner = [_plain(value) for value in item]
            records: list[_Plain] = [_flat(value) for value in inner if isinstance(value, dict)]
            items.extend(records or [inner])
            rest.extend([value for value in inner if not isinstance(value, dict)] if records else ())
        else:
            items.append(item)
    return items, rest


def _without(mapping: dict[Any, _Plain], key: str) -> dict[Any, _Plain]:
    return {name: value for name, value in mapping.items() if name != key}


def _flat(item: dict[Any, _Plain]) -> dict[Any, _Plain]:
    """Lift a nested record one level up; of the outer fields that it hides, none is lost."""
    for _ in range(_DEPTH):
        if "id" in item and _text_key(item) is not None:
            return item
        found = ((key, nested) for key in _NESTING_KEYS if (nested := _nested(item, key)) is not None)
        key, nested = next(found, (None, {}))
        if key is None:
            return item
        outer = _without(item, key)
        hidden = [
            value
            for name, value in outer.items()
            if name in nested and name not in _BOOKKEEPING and not (isinstance(value, str) and value == nested[name])
        ]
        item = {**outer, **nested, _BESIDE: [*outer.get(_BESIDE, ()), *hidden]}
    return item


def _nested(item: dict[Any, _Plain], key: str) -> dict[Any, _Plain] | None:
    value = item.get(key)
    # An iterator can be read only once, and not here: it yields no fields.
    plain = None if value is None or isinstance(value, (str, Iterator)) else _plain(value)
    return plain if isinstance(plain, dict) else None


def _text_key(item: dict[Any, _Plain]) -> str | None:
    return next((key for key in _TEXT_KEYS if isinstance(item.get(key), (str, *_BYTES))), None)


def _record(item: _Plain, keep: Keep) -> Record:
    if not isinstance(item, dict):
        return _unstructured(item, keep)
    text_key = _text_key(item) or _longest(item)
    own = item.get("user_id")
    label = _text_of((_nested(item, "metadata") or {}).get("user_id") if own is None else own)
    aside: list[str] = []
    seen: dict[int, object] = {}
    for key, value in item.items():
        if key != text_key and key not in _NO_ASIDE:
            _gather(key, aside, seen, _DEPTH)
            _gather(value, aside, seen, _DEPTH)
    return Record(
        id=_identity(item),
        text="" if text_key is None else keep(_plain(item[text_key])),
        label=None if label is None else keep(label),
        score=_score(item.get("score")),
        aside=tuple(map(keep, aside)),
    )


def _unstructured(item: _Plain, keep: Keep) -> Record:
    if not isinstance(item, list):
        return Record(id=None, text=keep("" if item is None else _own_words(item)), structured=False)
    first, *others = sorted(_texts(item), key=len, reverse=True) or [""]
    return Record(id=None, text=keep(first), aside=tuple(map(keep, others)), structured=False)


def _longest(item: dict[Any, _Plain]) -> str | None:
    """Return the key of the longest text that is no book-keeping, id or label: a stranger's name for the text."""
    found = {
        key: value
        for key, value in item.items()
        if isinstance(key, str) and key not in _NO_ASIDE and not key.endswith("_id")
        if isinstance(value, (str, *_BYTES)) and value
    }
    return max(found, key=lambda key: len(found[key]), default=None)


def _text_of(value: object) -> str | None:
    return None if value is None else str(_plain(value))


def _score(value: object) -> float | None:
    with suppress(OverflowError):
        return float(value) if isinstance(value, (int, float, Real)) else None
    return None


def _texts(value: object) -> list[str]:
    """Return each text inside, at any depth, also those that stand as keys."""
    found: list[str] = []
    _gather(value, found, {}, _DEPTH)
    return found


def _gather(value: object, found: list[str], seen: dict[int, object], depth: int) -> None:
    if isinstance(value, str):
        if value:
            found.append(value)
        return
    if value is None or isinstance(value, (int, float)) or id(value) in seen:
        return
    # Held until the end, for the id of an object that is gone may be given to another.
    seen[id(value)] = value
    plain = _plain(value) if depth else _own_words(value)
    if isinstance(plain, dict):
        plain = [part for pair in plain.items() for part in pair]
    if isinstance(plain, list):
        for inner in plain:
            _gather(inner, found, seen, depth - 1)
    elif not isinstance(plain, Number) and (text := _own_words(plain)):
        found.append(text)


def _plain(value: object) -> _Plain:
    """Return one level of anything as a dict or a list; bytes as text; what has nothing inside as it is."""
    for _ in range(_DEPTH):
        if value is None or isinstance(value, (dict, list, str, int, float)):
            return value
        if isinstance(value, _BYTES):
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


def _inside(value: object) -> _Plain:
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
        elif name == public or isinstance(inner, (str, *_BYTES)):
            found[name] = inner
    return found


def _own_words(value: object) -> str:
    """Return what a thing says of itself; the default, a kind and an address, says nothing."""
    kind = type(value)
    silent = kind.__str__ is object.__str__ and kind.__repr__ is object.__repr__
    return "" if silent or isinstance(value, ModuleType) or callable(value) else str(value)
