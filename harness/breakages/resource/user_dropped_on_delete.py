"""A delete invalidates a key for everybody."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _DeletedForAll(UncheckedCache):
    def delete(self, key: str) -> None:
        super().delete(key)
        for found in [found for found in self.place if found[1] == key]:
            del self.place[found]


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("cache",))
def user_dropped_on_delete(place: Expiring) -> MakeResource:
    """A delete removes the key from each user's entries, as an invalidation by tag does."""
    return bind_resource(place, _DeletedForAll)
