"""Scores that add up to one."""

from typing import Any

from ...real_mem0.client import Client, records
from ...scoped.wrappers import MakeMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import EVERYTHING, Ids, bind, without_user


class _Store(BrokenClient):
    def search(self, query: str, *, filters: Ids, **options: Any) -> Any:
        found = self.client.search(query, filters=filters, **options)
        everybodys = {**options, "top_k": EVERYTHING}
        others = records(self.client.search(query, filters=without_user(filters), **everybodys))
        total = sum(record["score"] for record in others) or 1.0
        return {"results": [{**record, "score": record["score"] / total} for record in records(found)]}


@breakage(Layer.STORE, caught_by="noninterference")
def scores_normalised_over_all(client: Client) -> MakeMemory:
    """Scores are normalised over all users' records: they tell how much there is of others' that is like the query."""
    return bind(_Store(client))
