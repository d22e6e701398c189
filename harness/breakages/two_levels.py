"""A cache of two levels, in which breakages of the first one are planted."""

from ..targets.back_ends.mapping import Expiring
from .unchecked_resource import UncheckedCache


class TwoLevels(UncheckedCache):
    """One user's values, read once from the mapping and then from a first level that all users share."""

    def __init__(self, place: Expiring, user_id: str, level: dict[object, object]) -> None:
        """Bind the user; the level has the mapping's keys."""
        super().__init__(place, user_id)
        self.level = level

    def get(self, key: str) -> object:
        """Return a value; raises KeyError where neither level has one."""
        found = self.key_of(key)
        if found not in self.level:
            self.level[found] = super().get(key)
        return self.level[found]
