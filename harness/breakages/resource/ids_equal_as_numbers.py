"""Ids of any type are keys of a dict."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _OfAnyType(UncheckedCache):
    """The code isolates strings; the ids come unchecked."""


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def ids_equal_as_numbers(place: Expiring) -> MakeResource:
    """An id of any type is part of a dict's key: there `1`, `True` and `1.0` are one."""
    return bind_resource(place, _OfAnyType, checked=False)
