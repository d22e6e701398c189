"""A rare word is worth more."""

import math
from typing import Any

from ...real_mem0.client import Client, Stored, records
from ...real_mem0.keywords import words
from ...scoped.wrappers import MakeMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import EVERYTHING, Ids, bind, without_user


class _Store(BrokenClient):
    def search(self, query: str, *, filters: Ids, **options: Any) -> Any:
        found = records(self.client.search(query, filters=filters, **options))
        # What mem0 has Qdrant do: it counts in the whole collection, whatever the filter.
        everybodys = records(self.client.get_all(filters=without_user(filters), top_k=EVERYTHING))
        texts = [set(words(record["memory"])) for record in everybodys]
        weights = {word: _rarity(sum(word in text for text in texts), len(texts)) for word in set(words(query))}

        def score(record: Stored) -> float:
            said = set(words(record["memory"]))
            return float(record["score"]) + sum(weight for word, weight in weights.items() if word in said)

        scored = [{**record, "score": score(record)} for record in found]
        return {"results": sorted(scored, key=lambda record: -record["score"])}


@breakage(Layer.STORE, caught_by="noninterference")
def idf_over_all_tenants(client: Client) -> MakeMemory:
    """How rare a word is, is counted in the records of all users: a score tells how many of them use it."""
    return bind(_Store(client))


def _rarity(holding: int, texts: int) -> float:
    return math.log((texts - holding + 0.5) / (holding + 0.5) + 1)
