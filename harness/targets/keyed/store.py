"""Items of one user in a LangGraph store: below its id, as most write them, and through ScopedStore."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from ...scoped.store import ScopedStore

_PAGE = 100
# The labels of a namespace, and behind them the item's own key.
Key: TypeAlias = tuple[str, ...]
# The method `list` hides the type from the class.
_Pairs: TypeAlias = list[tuple[Key, str]]


class Items:
    """One user's items, as an agent keeps them: a text each, below the namespace that is the user's."""

    def __init__(self, store: Any, own: Key, clear: Callable[[], object] | None = None) -> None:  # noqa: ANN401 - LangGraph is an extra
        """Take a store, the labels with which each namespace begins, and what removes all, where it has that."""
        self._store = store
        self._own = own
        self._clear = clear

    def put(self, key: Key, value: str) -> None:
        """Put a text."""
        self._store.put((*self._own, *key[:-1]), key[-1], {"text": value})

    def get(self, key: Key) -> Any:  # noqa: ANN401 - what was put
        """Return a text, or None."""
        item = self._store.get((*self._own, *key[:-1]), key[-1])
        return None if item is None else item.value["text"]

    def list(self, prefix: Key = ()) -> _Pairs:
        """Return each key below a namespace, with its text."""
        return [(self._key(item), item.value["text"]) for item in self._all(prefix)]

    def delete(self, key: Key) -> None:
        """Remove an item."""
        self._store.delete((*self._own, *key[:-1]), key[-1])

    def clear(self) -> None:
        """Remove all items of the user."""
        if self._clear is not None:
            self._clear()
            return
        for item in list(self._all(())):
            self._store.delete(item.namespace, item.key)

    def _key(self, item: Any) -> Key:  # noqa: ANN401 - LangGraph is an extra
        return (*item.namespace[len(self._own) :], item.key)

    def _all(self, prefix: Key) -> Iterator[Any]:
        # An empty prefix is all of them, and no label.
        namespace = (*self._own, *(prefix if prefix != ("",) else ()))
        offset = 0
        while found := self._store.search(namespace, limit=_PAGE, offset=offset):
            yield from found
            offset += len(found)


class MeantItems(Items):
    """The same in a store that has an index, and finds by meaning."""

    def query(self, text: str, top_k: int = 10) -> _Pairs:
        """Return the keys and texts that are nearest by meaning."""
        found = self._store.search(self._own, query=text, limit=top_k)
        return [(self._key(item), item.value["text"]) for item in found]


def plain_store(place: Any) -> Callable[..., Items]:  # noqa: ANN401 - a back end's own object
    """Return what makes a user's items: a namespace begins with the user's id."""
    kind = _kind(place)
    return lambda user_id: kind(place, (user_id,))


def scoped_store(place: Any) -> Callable[..., Items]:  # noqa: ANN401 - as above
    """Return what makes a user's items."""
    kind = _kind(place)

    def make_resource(user_id: str) -> Items:
        store = ScopedStore(user_id, store=place)
        return kind(store, (), store.clear)

    return make_resource


def _kind(place: Any) -> type[Items]:  # noqa: ANN401 - as above
    return MeantItems if place.index_config else Items
