"""What names the same person or town comes first."""

from typing import Any

from ...real_mem0.client import Client, Stored, records
from ...real_mem0.entities import extract_entities
from ...scoped.wrappers import MakeMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import EVERYTHING, Ids, bind, without_user

# As mem0 has it: how much a named entity adds, and how fast that falls with the records that name it.
_BOOST, _FALLS = 0.5, 0.001


class _Store(BrokenClient):
    def search(self, query: str, *, filters: Ids, **options: Any) -> Any:
        found = records(self.client.search(query, filters=filters, **options))
        everybodys = records(self.client.get_all(filters=without_user(filters), top_k=EVERYTHING))
        linked = {one: sum(one in _named(record) for record in everybodys) for one in _named({"memory": query})}
        boosts = {one: _BOOST / (1 + _FALLS * (max(count, 1) - 1) ** 2) for one, count in linked.items()}

        def score(record: Stored) -> float:
            return float(record["score"]) + max((boosts.get(one, 0.0) for one in _named(record)), default=0.0)

        scored = [{**record, "score": score(record)} for record in found]
        return {"results": sorted(scored, key=lambda record: -record["score"])}


@breakage(Layer.STORE, caught_by="noninterference")
def boost_from_neighbours(client: Client) -> MakeMemory:
    """A record that names what was asked for rises by how many records name it, and those of all users count."""
    return bind(_Store(client))


def _named(record: Stored) -> set[str]:
    return {entity for _, entity in extract_entities(record["memory"])}
