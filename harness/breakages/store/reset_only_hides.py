"""A reset that marks."""

from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import Ids, bind


class _Store(BrokenClient):
    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._hidden = False

    def reset(self) -> None:
        self._hidden = True

    def add(self, messages: object, **options: Any) -> Any:
        self._hidden = False
        return self.client.add(messages, **options)

    def search(self, query: str, *, filters: Ids, **options: Any) -> Any:
        return {"results": []} if self._hidden else self.client.search(query, filters=filters, **options)

    def get_all(self, *, filters: Ids, top_k: int = 20, **options: Any) -> Any:
        return {"results": []} if self._hidden else self.client.get_all(filters=filters, top_k=top_k, **options)

    def get(self, memory_id: str) -> Stored | None:
        found: Stored | None = None if self._hidden else self.client.get(memory_id)
        return found


@breakage(Layer.STORE, caught_by="residue")
def reset_only_hides(client: Client) -> MakeMemory:
    """A reset marks the store as empty; the next add takes the mark away, and all of before is there again."""
    return bind(_Store(client))
