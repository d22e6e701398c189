"""The whole key is lower-cased, the user's id too."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Lowered(UncheckedCache):
    def key_of(self, key: str) -> tuple[str, str]:
        return self.user_id.lower(), key.lower()

    def own(self) -> list[tuple[tuple[str, str], str]]:
        return [(found, found[1]) for found in self.place if found[0] == self.user_id.lower()]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def key_lower_cased(place: Expiring) -> MakeResource:
    """A cache's key is lower-cased with the user's id in it: `Ann` and `ann` are one user."""
    return bind_resource(place, _Lowered)
