"""A keyed resource, read as a memory: what is put under a key is a record, and the key is its id."""

import inspect
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any, TypeAlias

from ..base.plain_objects import BYTES
from ..model.keys import JOINT, OTHER_WAYS, SEGMENTS, called, sent_key, sent_value
from .offers import named
from .other_ways import asked, counted, forms_of

# What a stranger's method takes and gives.
_Any: TypeAlias = Any
_AS_IT_IS = ("copy", "move", "link")
_TEXTS = (str, *BYTES)


class Keyed:
    """One user's resource with the methods of a memory, as many of them as it offers.

    `add(text, key=...)` puts, `get(key)` reads, `update(key, text)` puts over it, `get_all(prefix=...)` lists,
    `delete(key)` and `delete_all()` remove, `search(query)` queries; `copy`, `move` and `link` take two keys. Each
    reply is given in a shape that holds the key; an awaitable stays one. `other_ways` are the further methods by which
    it may be asked, as operations require them.
    """

    def __init__(self, resource: _Any, form: str) -> None:
        """Take the resource, and how it is spoken to, as `keys.form_of` says it."""
        self._form = form
        self._of_segments = form.startswith(SEGMENTS)
        for ours, make in _METHODS.items():
            theirs = getattr(resource, called(form, ours), None)
            if callable(theirs):
                setattr(self, ours, make(self, theirs))
        others = {name: method for name in OTHER_WAYS if callable(method := getattr(resource, name, None))}
        self.other_ways = frozenset(one for name, method in others.items() for one in forms_of(name, method))
        for name, method in others.items():
            setattr(self, name, _other(self, name, method))

    def let_go(self) -> None:
        """Let go of the resource: its methods are this object's own, which holds them in a circle."""
        vars(self).clear()

    def written(self, key: str) -> _Any:
        """Return a key as the resource takes it."""
        return sent_key(self._form, key)

    def value(self, text: str) -> _Any:
        """Return a text as the resource takes it."""
        return sent_value(self._form, text)

    def item(self, key: _Any, value: _Any) -> _Any:
        """Return what lies under a key, with its key; what is no text is given as it is, to be read by its shape."""
        return {"id": self.said(key), "text": value, "key": self.said(key)} if isinstance(value, _TEXTS) else value

    def said(self, key: _Any) -> str:
        """Return a key as a text."""
        if isinstance(key, (list, tuple)):
            return JOINT.join(map(self.said, key))
        return bytes(key).decode(errors="replace") if isinstance(key, BYTES) else str(key)

    def listed(self, reply: _Any) -> _Any:
        """Return what a listing holds, keys or pairs of a key and a value; what is neither, as it is."""
        if isinstance(reply, Mapping):
            return [self.item(key, value) for key, value in reply.items()]
        if isinstance(reply, _TEXTS) or not isinstance(reply, Iterable):
            return reply
        return [self._entry(one) for one in reply]

    def _entry(self, entry: _Any) -> _Any:
        if isinstance(entry, _TEXTS):
            return {"id": self.said(entry), "text": self.said(entry)}
        if not isinstance(entry, tuple):
            return entry
        key, *rest = entry
        if len(rest) == 1 and (not self._of_segments or isinstance(key, (list, tuple))):
            return self.item(key, rest[0])
        return self._entry(self.said(entry)) if self._of_segments else entry


def _then(reply: _Any, read: Callable[[_Any], _Any]) -> _Any:
    """Return what `read` makes of a reply, now or once it has been awaited."""
    if isinstance(reply, AsyncIterator):

        async def gathered() -> _Any:
            return read([one async for one in reply])

        return gathered()
    if not inspect.isawaitable(reply):
        return read(reply)

    async def waited() -> _Any:
        found = await reply
        return read([one async for one in found] if isinstance(found, AsyncIterator) else found)

    return waited()


def _put(keyed: Keyed, put: Callable[..., _Any]) -> Callable[..., _Any]:
    def told(key: str, reply: _Any) -> _Any:
        return {"results": [{"id": key}], "reply": reply}

    def add(text: str, *, key: str) -> _Any:
        return _then(put(keyed.written(key), keyed.value(text)), lambda reply: told(key, reply))

    def add_for_a_time(text: str, *, key: str, ttl: float | None = None) -> _Any:
        if ttl is None:
            return add(text, key=key)
        return _then(put(keyed.written(key), keyed.value(text), ttl=ttl), lambda reply: told(key, reply))

    return add_for_a_time if "ttl" in named(put) else add


def _put_over(keyed: Keyed, put: Callable[..., _Any]) -> Callable[..., _Any]:
    return lambda key, text: put(keyed.written(key), keyed.value(text))


def _get(keyed: Keyed, get: Callable[..., _Any]) -> Callable[..., _Any]:
    return lambda key: _then(get(keyed.written(key)), lambda value: keyed.item(key, value))


def _list(keyed: Keyed, listing: Callable[..., _Any]) -> Callable[..., _Any]:
    def get_all() -> _Any:
        return _then(listing(), keyed.listed)

    def get_all_under(prefix: str | None = None) -> _Any:
        return get_all() if prefix is None else _then(listing(prefix=keyed.written(prefix)), keyed.listed)

    return get_all_under if "prefix" in named(listing) else get_all


def _query(keyed: Keyed, query: Callable[..., _Any]) -> Callable[..., _Any]:
    def search(text: str) -> _Any:
        return _then(query(text), keyed.listed)

    def search_so_many(text: str, top_k: int | None = None) -> _Any:
        return search(text) if top_k is None else _then(query(text, top_k=top_k), keyed.listed)

    return search_so_many if "top_k" in named(query) else search


def _other(keyed: Keyed, name: str, method: Callable[..., _Any]) -> Callable[..., _Any]:
    read = counted if name in ("count", "facet") else keyed.listed
    return asked(method, lambda reply: _then(reply, read))


def _one(keyed: Keyed, method: Callable[..., _Any]) -> Callable[..., _Any]:
    return lambda key: method(keyed.written(key))


def _two(keyed: Keyed, method: Callable[..., _Any]) -> Callable[..., _Any]:
    return lambda source, target: method(keyed.written(source), keyed.written(target))


def _clear(_keyed: Keyed, clear: Callable[..., _Any]) -> Callable[..., _Any]:
    return clear


_METHODS: Mapping[str, Callable[[Keyed, Callable[..., _Any]], Callable[..., _Any]]] = {
    "add": _put,
    "get": _get,
    "update": _put_over,
    "get_all": _list,
    "delete": _one,
    "delete_all": _clear,
    "search": _query,
    **dict.fromkeys(_AS_IT_IS, _two),
}
