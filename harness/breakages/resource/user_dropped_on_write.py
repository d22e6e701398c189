"""A value is written under its key alone."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _WrittenByKey(UncheckedCache):
    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        self.place.put(("", key), value, ttl)

    def get(self, key: str) -> object:
        own = self.key_of(key)
        return self.place[own if own in self.place else ("", key)]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def user_dropped_on_write(place: Expiring) -> MakeResource:
    """A write names no user; a read that misses under the user's own key finds what anybody wrote last."""
    return bind_resource(place, _WrittenByKey)
