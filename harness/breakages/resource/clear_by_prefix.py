"""A user's values are removed by a prefix of the raw key."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _ClearedByPrefix(UncheckedCache):
    def clear(self) -> None:
        for found in [found for found in self.place if found[0].startswith(self.user_id)]:
            del self.place[found]


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("cache",))
def clear_by_prefix(place: Expiring) -> MakeResource:
    """Removing all of `ann`'s removes every raw key that begins with `ann`: `anna`'s too."""
    return bind_resource(place, _ClearedByPrefix)
