"""A delete does not reach the first level."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..two_levels import TwoLevels
from ..unchecked_resource import bind_resource


class _Stale(TwoLevels):
    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        self.level.pop(self.key_of(key), None)
        super().put(key, value, ttl)


@breakage(Layer.RESOURCE, caught_by="residue", applies_to=("cache",))
def first_level_outlives_delete(place: Expiring) -> MakeResource:
    """A first level keeps what a user has read, and a delete removes it from the second alone."""
    level: dict[object, object] = {}
    return bind_resource(place, lambda place, user_id: _Stale(place, user_id, level))
