"""Replies of any mem0 shape become Records here; third-party objects go no further."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .observations import Record, Returned

_TEXT_KEYS = ("memory", "text", "data", "content", "new_memory")
_LIST_KEYS = ("results", "memories", "data", "items")
# What mem0 writes for its own book-keeping: no text of a tenant's in it.
_BOOKKEEPING = frozenset({"id", "hash", "created_at", "updated_at", "score", "event", "role", "memory_id"})


def read_reply(reply: object, keep: Callable[[str], str]) -> Returned:
    """Return the records of a reply and the texts beside them.

    Takes `{"results": [...]}`, a list of dicts, of strings or of objects, a page, one record, or nothing.
    Each text goes through `keep`, which may replace what must not be kept.
    """
    items, rest = _split(_plain(reply))
    return Returned(
        records=tuple(_record(item, keep) for item in items),
        aside=tuple(keep(text) for text in _texts(rest)),
    )


def record_ids(reply: object) -> list[str]:
    """Return the ids of the records in a reply, in order."""
    return [record.id for record in read_reply(reply, str).records if record.id is not None]


def _plain(value: object) -> Any:  # noqa: ANN401 - a stranger's reply has no type; it ends in this module
    """Turn pydantic models, dataclasses and other objects with fields into dicts."""
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        return dump()
    if isinstance(value, (str, bytes, Mapping, Sequence, type(None), int, float)):
        return value
    fields = getattr(value, "__dict__", None)
    if fields is None and isinstance(value, Iterator):
        return list(value)
    return dict(fields) if fields is not None else value


def _split(reply: Any) -> tuple[list[Any], object]:  # noqa: ANN401 - as above
    if isinstance(reply, Mapping):
        for key in _LIST_KEYS:
            if isinstance(reply.get(key), (list, tuple)):
                return list(reply[key]), {name: value for name, value in reply.items() if name != key}
        if any(isinstance(reply.get(key), str) for key in _TEXT_KEYS) or "id" in reply:
            return [reply], None
        return [], reply
    if isinstance(reply, (list, tuple, set, frozenset)):
        return list(reply), None
    return ([reply], None) if isinstance(reply, str) and reply else ([], reply)


def _record(item: object, keep: Callable[[str], str]) -> Record:
    item = _plain(item)
    if not isinstance(item, Mapping):
        return Record(id=None, text=keep("" if item is None else str(item)), structured=False)
    # Some clients nest the stored item: {"memory": {...}, "score": ...}.
    nested = next((item[key] for key in _TEXT_KEYS if isinstance(item.get(key), Mapping)), None)
    if nested is not None:
        item = {**item, **nested}
    text_key = next((key for key in _TEXT_KEYS if isinstance(item.get(key), str)), None)
    metadata = item.get("metadata")
    label = item.get("user_id")
    if label is None and isinstance(metadata, Mapping):
        label = metadata.get("user_id")
    identity = item.get("id", item.get("memory_id"))
    score = item.get("score")
    rest = {key: value for key, value in item.items() if key not in _BOOKKEEPING and key not in (text_key, "user_id")}
    return Record(
        id=None if identity is None else str(identity),
        text=keep(item[text_key]) if text_key else "",
        label=None if label is None else keep(str(label)),
        score=float(score) if isinstance(score, (int, float)) else None,
        aside=tuple(keep(text) for text in _texts(rest)),
    )


def _texts(value: object) -> Iterator[str]:
    """Yield each text inside, at any depth."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(key, str):
                yield key
            yield from _texts(inner)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for inner in value:
            yield from _texts(inner)
