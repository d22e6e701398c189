"""Nothing stands between the user's id and the key."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Joined(UncheckedCache):
    def key_of(self, key: str) -> str:
        return f"{self.user_id}{key}"

    def own(self) -> list[tuple[str, str]]:
        return [(found, found.removeprefix(self.user_id)) for found in self.place if found.startswith(self.user_id)]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def key_without_joint(place: Expiring) -> MakeResource:
    """A cache's key is the user's id and the key with nothing between them: `ann` with `a1` is `anna` with `1`."""
    return bind_resource(place, _Joined)
