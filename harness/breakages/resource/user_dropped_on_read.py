"""A value is read by its key, whoever has put it."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _ReadByKey(UncheckedCache):
    def get(self, key: str) -> object:
        for found in self.place:
            if found[1] == key:
                return self.place[found]
        raise KeyError(key)


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def user_dropped_on_read(place: Expiring) -> MakeResource:
    """A read looks for the key in all users' entries and takes the first; writes and deletes name the user."""
    return bind_resource(place, _ReadByKey)
