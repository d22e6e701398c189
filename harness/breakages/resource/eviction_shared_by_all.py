"""All users share the few places of one cache."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource

_PLACES = 16


class _Crowded(UncheckedCache):
    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        if self.key_of(key) in self.place:
            self.delete(key)
        super().put(key, value, ttl)
        for oldest in list(self.place)[:-_PLACES]:
            del self.place[oldest]


@breakage(Layer.RESOURCE, caught_by="lost", applies_to=("cache",))
def eviction_shared_by_all(place: Expiring) -> MakeResource:
    """The cache holds 16 values, the newest of all users: who puts many pushes out what others have put."""
    return bind_resource(place, _Crowded)
