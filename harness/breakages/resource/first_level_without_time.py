"""A store gives each value a time, and the level before it gives none."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..two_levels import TwoLevels
from ..unchecked_resource import bind_resource

# In seconds, for each value.
LIFETIME = 600


class _FirstLevel(TwoLevels):
    def put(self, key: str, value: str) -> None:  # type: ignore[override]  # nobody says for how long
        self.level.pop(self.key_of(key), None)
        super().put(key, value, LIFETIME)

    def delete(self, key: str) -> None:
        self.level.pop(self.key_of(key), None)
        super().delete(key)

    def clear(self) -> None:
        for found in [one for one in self.level if isinstance(one, tuple) and one[0] == self.user_id]:
            del self.level[found]
        super().clear()


@breakage(Layer.RESOURCE, caught_by="residue", applies_to=("cache",))
def first_level_without_time(place: Expiring) -> MakeResource:
    """The store lets each value run out after the same time; a first level keeps what was read, and serves it on."""
    level: dict[object, object] = {}
    return bind_resource(place, lambda place, user_id: _FirstLevel(place, user_id, level))
