"""A listing takes every raw key that begins with the user's id."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _ListedByPrefix(UncheckedCache):
    def list(self, prefix: str = "") -> list[str]:
        found = [f"{user}/{key}" for user, key in self.place if f"{user}/{key}".startswith(self.user_id)]
        return [key for raw in found if (key := raw.split("/", 1)[1]).startswith(prefix)]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def list_by_prefix(place: Expiring) -> MakeResource:
    """A listing takes each raw key that begins with the user's id: `ann` lists `anna`'s keys."""
    return bind_resource(place, _ListedByPrefix)
