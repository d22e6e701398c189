"""A number is nobody's."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..searched import SearchedCache
from ..unchecked_resource import bind_resource


class _Counting(SearchedCache):
    unfiltered = "count"


@breakage(Layer.RESOURCE, caught_by="noninterference", applies_to=("cache",))
def count_counts_all(place: Expiring) -> MakeResource:
    """A count is made of all values, whoever put them: it tells how much the others have."""
    return bind_resource(place, _Counting)
