"""The tutorial's breakage, where the cure cannot reach it."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ...scoped.wrappers.scoped import ScopedMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import AGENT, Ids, without_user


class _Store(BrokenClient):
    def search(self, query: str, *, filters: Ids, **options: Any) -> Any:
        return self.client.search(query, filters=without_user(filters), **options)

    def get_all(self, *, filters: Ids, top_k: int = 20, **options: Any) -> Any:
        return self.client.get_all(filters=without_user(filters), top_k=top_k, **options)


@breakage(Layer.STORE, caught_by="contained")
def drop_user_id_beneath(client: Client) -> MakeMemory:
    """A proxy between ScopedMemory and mem0 drops the user id from what it passes on."""
    store = _Store(client)

    def make_memory(user_id: str, **ids: str) -> ScopedMemory:
        return ScopedMemory(user_id, client=store, **{"agent_id": AGENT, **ids})

    return make_memory
