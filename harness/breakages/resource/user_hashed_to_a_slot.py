"""The user's id is hashed to one of a few slots."""

from zlib import crc32

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource

_SLOTS = 16


class _Slotted(UncheckedCache):
    def key_of(self, key: str) -> tuple[int, str]:
        return crc32(self.user_id.encode(errors="replace")) % _SLOTS, key

    def own(self) -> list[tuple[tuple[int, str], str]]:
        return [(found, found[1]) for found in self.place if found == self.key_of(found[1])]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def user_hashed_to_a_slot(place: Expiring) -> MakeResource:
    """A cache's key has the number of a slot in place of the user: 16 slots, as a sharded cache has them."""
    return bind_resource(place, _Slotted)
