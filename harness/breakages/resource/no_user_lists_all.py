"""A filter that is empty is left out."""

from collections.abc import Hashable, Sequence

from ...scoped.user_ids import check_id
from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache


class _Optional(UncheckedCache):
    def own(self) -> Sequence[tuple[Hashable, str]]:
        return super().own() if self.user_id else [(found, found[1]) for found in self.place]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def no_user_lists_all(place: Expiring) -> MakeResource:
    """Without a user, None or an empty text, a listing is not narrowed at all: it shows the keys of all."""
    return lambda user_id=None: _Optional(place, check_id(user_id, "user_id") if user_id not in (None, "") else "")
