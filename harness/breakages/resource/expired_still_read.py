"""A first level in the process knows nothing of time."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _FirstLevel(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, level: dict[object, object]) -> None:
        super().__init__(place, user_id)
        self._level = level

    def get(self, key: str) -> object:
        found = self.key_of(key)
        if found not in self._level:
            self._level[found] = super().get(key)
        return self._level[found]

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        super().put(key, value, ttl)
        self._level[self.key_of(key)] = value

    def delete(self, key: str) -> None:
        self._level.pop(self.key_of(key), None)
        super().delete(key)

    def clear(self) -> None:
        for found, _ in self.own():
            self._level.pop(found, None)
        super().clear()


@breakage(Layer.RESOURCE, caught_by="residue", applies_to=("cache",))
def expired_still_read(place: Expiring) -> MakeResource:
    """A first level keeps what was put and read without its time: an expired value is still read there."""
    level: dict[object, object] = {}
    return bind_resource(place, lambda place, user_id: _FirstLevel(place, user_id, level))
