"""To put a value for good lifts the time of everybody's under that key."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Lifted(UncheckedCache):
    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        super().put(key, value, ttl)
        if ttl is None:
            for found in [found for found in self.place if found[1] == key]:
                self.place[found] = self.place[found]


@breakage(Layer.RESOURCE, caught_by="residue", applies_to=("cache",))
def ttl_lifted_for_all(place: Expiring) -> MakeResource:
    """What is put for good makes each user's value under that key stay for good."""
    return bind_resource(place, _Lifted)
