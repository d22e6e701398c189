"""What everybody looks for comes first."""

from collections import Counter
from typing import Any

from ...real_mem0.client import Client, Stored, records
from ...scoped.wrappers import MakeMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import Ids, bind


class _Store(BrokenClient):
    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._asked: Counter[str] = Counter()

    def search(self, query: str, *, filters: Ids, **options: Any) -> Any:
        self._asked.update(query.lower().split())
        found = records(self.client.search(query, filters=filters, **options))
        return {"results": sorted(found, key=self._popularity, reverse=True)}

    def _popularity(self, record: Stored) -> int:
        return sum(self._asked[word] for word in record["memory"].lower().split())


@breakage(Layer.STORE, caught_by="noninterference")
def ranking_by_traffic(client: Client) -> MakeMemory:
    """Records are ranked by what all users have searched for: others' interest moves one's own list."""
    return bind(_Store(client))
