"""The user's id is cut so that keys stay short."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource

_MOST = 12


class _Cut(UncheckedCache):
    def key_of(self, key: str) -> tuple[str, str]:
        return self.user_id[:_MOST], key

    def own(self) -> list[tuple[tuple[str, str], str]]:
        return [(found, found[1]) for found in self.place if found[0] == self.user_id[:_MOST]]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def user_cut_in_key(place: Expiring) -> MakeResource:
    """A cache's key holds the first 12 characters of the user's id: ids that begin alike are one user."""
    return bind_resource(place, _Cut)
