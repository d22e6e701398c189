"""An error says which keys there are."""

from difflib import get_close_matches

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Suggesting(UncheckedCache):
    def get(self, key: str) -> object:
        try:
            return super().get(key)
        except KeyError:
            alike = get_close_matches(key, [found[1] for found in self.place], n=3, cutoff=0.4)
            msg = f"no such key; did you mean {alike}?"
            raise KeyError(msg) from None


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def error_suggests_keys(place: Expiring) -> MakeResource:
    """A key that is not found is answered with the keys that are most alike, of all users."""
    return bind_resource(place, _Suggesting)
