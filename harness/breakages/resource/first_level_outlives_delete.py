"""A delete does not reach the first level."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Stale(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, level: dict[object, object]) -> None:
        super().__init__(place, user_id)
        self._level = level

    def get(self, key: str) -> object:
        found = self.key_of(key)
        if found not in self._level:
            self._level[found] = super().get(key)
        return self._level[found]

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        self._level.pop(self.key_of(key), None)
        super().put(key, value, ttl)


@breakage(Layer.RESOURCE, caught_by="residue", applies_to=("cache",))
def first_level_outlives_delete(place: Expiring) -> MakeResource:
    """A first level keeps what a user has read, and a delete removes it from the second alone."""
    level: dict[object, object] = {}
    return bind_resource(place, lambda place, user_id: _Stale(place, user_id, level))
