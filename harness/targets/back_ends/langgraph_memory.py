"""LangGraph's InMemoryStore: rows in a dict, searched by meaning."""

from typing import Any, ClassVar

from ...model.keys import SEGMENTS
from ..meaning import INDEX
from . import BackEnd, Kept

KIND = "store"


class MemoryStores(BackEnd):
    """A fresh store for each world."""

    keys: ClassVar[str] = SEGMENTS
    module: ClassVar[str] = "langgraph.store.memory"
    extra: ClassVar[str] = "kv"
    refuses: ClassVar[tuple[str, ...]] = ("langgraph.store.base.InvalidNamespaceError",)

    def open(self) -> Any:  # noqa: ANN401 - a BaseStore
        """Make a store."""
        from langgraph.store.memory import InMemoryStore  # noqa: PLC0415 - an extra

        return InMemoryStore(index=INDEX)

    def close(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Do nothing: it is gone with its last user."""

    def storage(self, place: Any) -> Kept:  # noqa: ANN401 - as above
        """Return every item."""
        rows = (item for items in place._data.values() for item in items.values())  # noqa: SLF001 - a search has an end
        return {"items": [f"{item.namespace} {item.key}: {item.value}" for item in rows]}


def open_back_end(url: str | None) -> MemoryStores:
    """Return the back end; raises HarnessError for a URL."""
    return MemoryStores(url)
