"""The page by page way goes through everything."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..searched import SearchedCache
from ..unchecked_resource import bind_resource


class _Scrolling(SearchedCache):
    unfiltered = "scroll"


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def scroll_unfiltered(place: Expiring) -> MakeResource:
    """Queries are filtered by the user, and a scroll is not: it shows the values of all."""
    return bind_resource(place, _Scrolling)
