"""The user's id and the key are joined by a colon."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Joined(UncheckedCache):
    def key_of(self, key: str) -> str:
        return f"{self.user_id}:{key}"

    def own(self) -> list[tuple[str, str]]:
        start = f"{self.user_id}:"
        return [(found, found.removeprefix(start)) for found in self.place if found.startswith(start)]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def key_joined_by_colon(place: Expiring) -> MakeResource:
    """A cache's key is the user's id, a colon and the key: `a:b` with `c` is `a` with `b:c`."""
    return bind_resource(place, _Joined)
