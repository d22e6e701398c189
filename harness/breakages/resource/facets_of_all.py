"""Counts by value are of everybody."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..searched import SearchedCache
from ..unchecked_resource import bind_resource


class _Grouping(SearchedCache):
    unfiltered = "facet"


@breakage(Layer.RESOURCE, caught_by="noninterference", applies_to=("cache",))
def facets_of_all(place: Expiring) -> MakeResource:
    """Facets are counted over all users: by its words one sees what the others keep, and how much."""
    return bind_resource(place, _Grouping)
