"""An error quotes what lies in the cache."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Quoting(UncheckedCache):
    def delete(self, key: str) -> None:
        try:
            super().delete(key)
        except KeyError:
            newest = list(self.place)[-1:]
            msg = f"not found; the newest entry is {[self.place[found] for found in newest]}"
            raise KeyError(msg) from None


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def error_quotes_value(place: Expiring) -> MakeResource:
    """A delete of a key that is not found quotes the newest entry, as a debug message would."""
    return bind_resource(place, _Quoting)
