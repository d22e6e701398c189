"""A user's values are removed by a regular expression."""

import re

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _ClearedByRegex(UncheckedCache):
    def clear(self) -> None:
        try:
            own = re.compile(self.user_id)
        except re.error:
            super().clear()
            return
        for found in [found for found in self.place if own.fullmatch(found[0])]:
            del self.place[found]


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("cache",))
def clear_by_regex(place: Expiring) -> MakeResource:
    """Removing all matches raw keys with a regular expression of the unescaped id: `a.b` removes `axb`'s."""
    return bind_resource(place, _ClearedByRegex, checked=False)
