"""Replies of any mem0 shape become Records here; third-party objects go no further."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import Enum
from typing import Any, Final, TypeAlias

from ..base.plain_objects import BYTES, DEPTH, Gathering, Path, Plain, number_of, own_words, plain
from ..model.observations import Record, Returned
from .labelling import fields
from .typed_ids import id_text

_TEXT_KEYS = ("memory", "text", "data", "content", "new_memory")
_TEXTS = (str, *BYTES)
_LIST_KEYS = ("results", "memories", "data", "items")
# Some clients nest the stored item: {"memory": {...}, "score": ...}; vector stores call it the payload.
_NESTING_KEYS = (*_TEXT_KEYS, "payload")
# What mem0 writes for its own book-keeping: no text of a tenant's in it.
_BOOKKEEPING = frozenset({"id", "hash", "created_at", "updated_at", "score", "event", "role", "memory_id"})
_NO_ASIDE = _BOOKKEEPING | {"user_id"}
_KNOWN = _NO_ASIDE.union(_NESTING_KEYS, _LIST_KEYS, {"metadata"})
# What counts are called: such a key is nobody's own word and needs no masking.
_COUNTS = ("count", "total", "total_count", "size", "page", "pages", "page_size", "limit", "offset", "deleted", "meta")
_KNOWN_KEYS = _KNOWN.union(_COUNTS)
# An id or a clock's number is nobody's doing: the next call gets another one.
_IDS_AND_CLOCKS = re.compile(
    r"(?:^|_)(?:id|at|ts|ttl|us|ms|ns|date|took)$|[a-z](?:Id|At|Ts|Ms|Date)$"
    r"|(?:^|_|run|up|date)time|Time|elapsed|duration|latency|seconds"
)
# Where _flat puts the outer fields that nested ones took the place of; no reply can have this key.
_BESIDE: Final = object()

Keep: TypeAlias = Callable[[str], str]
# What stands beside the records, with its path in the reply; without one its numbers are no reply's own.
_Rest: TypeAlias = list[tuple[Path | None, Plain]]


def read_reply(reply: object, keep: Keep) -> Returned:
    """Return the records of a reply, and the texts and numbers beside them.

    Takes `{"results": [...]}`, `{id: record}`, a list of dicts, of strings or of objects, a page, one record, or
    nothing; of what is none of these, such as a number, it says the type. Each text goes through `keep`, which may
    replace what must not be kept. Ids and times are no numbers.
    """
    known = plain(reply)
    read = _returned(*_split(known), keep)
    understood = read.records or known is None or isinstance(known, (dict, list, *_TEXTS))
    return read if understood else replace(read, unread=type(reply).__name__)


def read_whole(reply: Any, keep: Keep) -> Returned:  # noqa: ANN401 - a stranger's reply
    """Return what a page, an export or an answer in words shows; a text is one thing, and no list of records.

    Its frame is the application's own, and names nobody.
    """
    return Returned(aside=(keep(reply),)) if isinstance(reply, str) else read_reply(reply, keep)


def read_added(reply: object, keep: Keep) -> tuple[Returned, list[str]]:
    """Return what `read_reply` and `record_ids` do, reading the reply once: some can be read only once."""
    items, rest = _split(plain(reply))
    return _returned(items, rest, keep), _ids(items)


def record_ids(reply: object) -> list[str]:
    """Return the ids of the records that an add's reply says are new, in order."""
    return _ids(_split(plain(reply))[0])


def _returned(items: list[Plain], rest: _Rest, keep: Keep) -> Returned:
    records = tuple([_record(item, keep) for item in items])
    if not rest:
        return Returned(records)
    found = Gathering()
    for path, value in rest:
        found.take(value, path, DEPTH - 1)
    numbers = [(_path(path, keep), number) for path, number in found.numbers if not _IDS_AND_CLOCKS.search(_key(path))]
    return Returned(records, tuple(map(keep, found.texts)), tuple(numbers))


def _key(path: Path) -> str:
    """Return the key that names a number: that of the list, where it stands in one."""
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _path(path: Path, keep: Keep) -> str:
    """Return a path as it may be kept: a stranger's key may be a person's name, a position in a list is nobody's."""
    return ".".join([str(part) if isinstance(part, int) or part in _KNOWN_KEYS else keep(part) for part in path])


def _ids(items: list[Plain]) -> list[str]:
    """Return the ids of new records: mem0 also lists those that an add changed or removed, with another event."""
    found = (_identity(item) for item in items if isinstance(item, dict) and _is_new(item.get("event")))
    return list(filter(None, found))


def _is_new(event: object) -> bool:
    return event is None or str(event.value if isinstance(event, Enum) else event).upper() == "ADD"


def _identity(item: dict[Any, Plain]) -> str | None:
    return id_text(item.get("id", item.get("memory_id")))


def _split(reply: Plain, path: Path = ()) -> tuple[list[Plain], _Rest]:
    """Return the items of a reply, each of them plain, and what stands beside them; `path` led to the reply."""
    if isinstance(reply, list):
        return _split_list(reply)
    if not isinstance(reply, dict):
        return ([reply], []) if isinstance(reply, str) and reply else ([], [(path, reply)])
    is_record = "id" in reply or _text_key(reply) is not None
    for key in _LIST_KEYS:
        listed = plain(reply.get(key))
        # A dict there is an envelope in an envelope: {"data": {"results": [...]}}.
        if isinstance(listed, list) or (isinstance(listed, dict) and len(path) < DEPTH and not is_record):
            items, rest = _split(listed, (*path, key))
            if items or isinstance(listed, list):
                beside = _without(reply, key)
                return items, [*rest, (path, beside)] if beside else rest
    if is_record or any(_nested(reply, key) is not None for key in _NESTING_KEYS):
        return [_flat(reply)], []
    if not reply or not _KNOWN.isdisjoint(reply):
        return [], [(path, reply)]
    by_id = {key: plain(value) for key, value in reply.items()}
    if not all(isinstance(value, dict) for value in by_id.values()):
        return [], [(path, by_id)]
    # A record's own id is the better one; the key is then a text beside it.
    keys = [key for key, value in by_id.items() if str(value.get("id", key)) != str(key)]
    return [_flat({"id": key, **value}) for key, value in by_id.items()], [(None, keys)] if keys else []


def _split_list(listed: list[Any]) -> tuple[list[Plain], _Rest]:
    items: list[Plain] = []
    rest: _Rest = []
    for entry in listed:
        item = plain(entry)
        if isinstance(item, dict):
            items.append(_flat(item))
        elif isinstance(item, list):
            # A record with its score, or a page: (record, 0.5), [[record, record], next].
            inner = [plain(value) for value in item]
            records: list[Plain] = [_flat(value) for value in inner if isinstance(value, dict)]
            items.extend(records or [inner])
            # A number there is a record's own score.
            rest.extend((None, value) for value in inner if records and not isinstance(value, dict))
        else:
            items.append(item)
    return items, rest


def _without(mapping: dict[Any, Plain], key: str) -> dict[Any, Plain]:
    return {name: value for name, value in mapping.items() if name != key}


def _flat(item: dict[Any, Plain]) -> dict[Any, Plain]:
    """Lift a nested record one level up; of the outer fields that it hides, none is lost."""
    for _ in range(DEPTH):
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


def _nested(item: dict[Any, Plain], key: str) -> dict[Any, Plain] | None:
    value = item.get(key)
    # An iterator can be read only once, and not here: it yields no fields.
    inside = None if value is None or isinstance(value, (str, Iterator)) else plain(value)
    return inside if isinstance(inside, dict) else None


def _text_key(item: dict[Any, Plain]) -> str | None:
    for key in _TEXT_KEYS:
        if isinstance(item.get(key), _TEXTS):
            return key
    return None


def _record(item: Plain, keep: Keep) -> Record:
    if not isinstance(item, dict):
        return _unstructured(item, keep)
    text_key = _text_key(item) or _longest(item)
    own = item.get("user_id")
    label = _text_of((_nested(item, "metadata") or {}).get("user_id") if own is None else own)
    beside = Gathering()
    for key, value in item.items():
        if key != text_key and key not in _NO_ASIDE:
            beside.take(key)
            beside.take(value)
    return Record(
        id=_identity(item),
        text="" if text_key is None else keep(plain(item[text_key])),
        label=None if label is None else keep(label),
        score=number_of(item.get("score")),
        aside=tuple(map(keep, beside.texts)),
        fields=tuple(fields(item, keep, but=text_key)),
    )


def _unstructured(item: Plain, keep: Keep) -> Record:
    if not isinstance(item, list):
        return Record(id=None, text=keep("" if item is None else own_words(item)), structured=False)
    inside = Gathering()
    inside.take(item)
    first, *others = sorted(inside.texts, key=len, reverse=True) or [""]
    return Record(id=None, text=keep(first), aside=tuple(map(keep, others)), structured=False)


def _longest(item: dict[Any, Plain]) -> str | None:
    """Return the key of the longest text that is no book-keeping, id or label: a stranger's name for the text."""
    found = {
        key: value
        for key, value in item.items()
        if isinstance(key, str) and key not in _NO_ASIDE and not key.endswith("_id")
        if isinstance(value, (str, *BYTES)) and value
    }
    return max(found, key=lambda key: len(found[key]), default=None)


def _text_of(value: object) -> str | None:
    return value if value is None or type(value) is str else str(plain(value))
