"""Of two halves of a search one is filtered."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..searched import SearchedCache
from ..unchecked_resource import bind_resource


class _Hybrid(SearchedCache):
    unfiltered = "keywords"


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def keywords_unfiltered(place: Expiring) -> MakeResource:
    """A hybrid search filters its half by meaning by the user, and finds its keywords in all values."""
    return bind_resource(place, _Hybrid)
