"""The owner is a column, and the key alone is unique."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Rows(UncheckedCache):
    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        for found in [found for found in self.place if found[1] == key]:
            del self.place[found]
        super().put(key, value, ttl)


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("cache",))
def upsert_by_key(place: Expiring) -> MakeResource:
    """A row is unique by its key, the owner is a column that reads check: who puts the same key takes the row."""
    return bind_resource(place, _Rows)
