"""Keys are made slugs, the user's id with them."""

import re
from unicodedata import normalize

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


def _slug(text: str) -> str:
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


class _Slugged(UncheckedCache):
    def key_of(self, key: str) -> tuple[str, str]:
        return _slug(self.user_id), key

    def own(self) -> list[tuple[tuple[str, str], str]]:
        return [(found, found[1]) for found in self.place if found[0] == _slug(self.user_id)]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def key_made_a_slug(place: Expiring) -> MakeResource:
    """A cache's key is a slug of the user's id and the key: accents, case and punctuation are gone."""
    return bind_resource(place, _Slugged)
