"""A user's values are removed by a glob pattern."""

from fnmatch import fnmatchcase

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _ClearedByGlob(UncheckedCache):
    def clear(self) -> None:
        for found in [found for found in self.place if fnmatchcase(found[0], self.user_id)]:
            del self.place[found]


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("cache",))
def clear_by_glob(place: Expiring) -> MakeResource:
    """Removing all matches raw keys with a glob, into which the user's id is pasted: a user `*` removes everybody's."""
    return bind_resource(place, _ClearedByGlob, checked=False)
