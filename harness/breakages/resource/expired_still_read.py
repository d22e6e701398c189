"""A first level in the process knows nothing of time."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..two_levels import TwoLevels
from ..unchecked_resource import bind_resource


class _FirstLevel(TwoLevels):
    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        super().put(key, value, ttl)
        self.level[self.key_of(key)] = value

    def delete(self, key: str) -> None:
        self.level.pop(self.key_of(key), None)
        super().delete(key)

    def clear(self) -> None:
        for found, _ in self.own():
            self.level.pop(found, None)
        super().clear()


@breakage(Layer.RESOURCE, caught_by="residue", applies_to=("cache",))
def expired_still_read(place: Expiring) -> MakeResource:
    """A first level keeps what was put and read without its time: an expired value is still read there."""
    level: dict[object, object] = {}
    return bind_resource(place, lambda place, user_id: _FirstLevel(place, user_id, level))
