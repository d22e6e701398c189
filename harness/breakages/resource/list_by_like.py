"""A listing pastes the prefix into a pattern."""

import re

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


def _like(pattern: str, text: str) -> bool:
    parts = (re.escape(one).replace("%", ".*").replace("_", ".") for one in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


class _ListedByLike(UncheckedCache):
    def list(self, prefix: str = "") -> list[str]:
        return [key for user, key in self.place if _like(f"{self.user_id}/{prefix}%", f"{user}/{key}")]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def list_by_like(place: Expiring) -> MakeResource:
    """A listing matches `id/prefix%` as SQL's LIKE does: `%` and `_` in an id or a prefix stand for others."""
    return bind_resource(place, _ListedByLike, checked=False)
