"""Two indices behind one search."""

from typing import Any

from ...real_mem0.client import Client, records
from ...scoped.wrappers import MakeMemory
from ...scoped.wrappers.scoped import ScopedMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import AGENT, Ids, without_user


class _Store(BrokenClient):
    def search(self, query: str, *, filters: Ids, **options: Any) -> Any:
        by_meaning = records(self.client.search(query, filters=filters, **options))
        # Of this one it was forgotten that it takes filters, too.
        by_keyword = records(self.client.search(query, filters=without_user(filters), **options))
        known = {record["id"] for record in by_meaning}
        return {"results": by_meaning + [record for record in by_keyword if record["id"] not in known]}


@breakage(Layer.STORE, caught_by="contained")
def keyword_search_unfiltered(client: Client) -> MakeMemory:
    """The search by meaning is filtered by user and the one by keyword is not; ScopedMemory stands above it."""
    store = _Store(client)

    def make_memory(user_id: str, **ids: str) -> ScopedMemory:
        return ScopedMemory(user_id, client=store, **{"agent_id": AGENT, **ids})

    return make_memory
