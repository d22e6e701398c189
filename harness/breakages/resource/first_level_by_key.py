"""A first level in the process is keyed without the user."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _FirstLevel(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, level: dict[str, object]) -> None:
        super().__init__(place, user_id)
        self._level = level

    def get(self, key: str) -> object:
        if key not in self._level:
            self._level[key] = super().get(key)
        return self._level[key]

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        super().put(key, value, ttl)
        self._level.pop(key, None)

    def delete(self, key: str) -> None:
        super().delete(key)
        self._level.pop(key, None)


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def first_level_by_key(place: Expiring) -> MakeResource:
    """A first level keeps what was read by the key alone: the next user who asks for the key is given it."""
    level: dict[str, object] = {}
    return bind_resource(place, lambda place, user_id: _FirstLevel(place, user_id, level))
