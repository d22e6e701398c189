"""A listing shows who else uses the cache."""

from hashlib import sha256

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _RawKeys(UncheckedCache):
    def list(self, prefix: str = "") -> list[str]:
        raw = [f"{user}:{sha256(key.encode()).hexdigest()[:12]}" for user, key in self.place if user != self.user_id]
        return super().list(prefix) + raw


@breakage(Layer.RESOURCE, caught_by="foreign_id", applies_to=("cache",))
def list_shows_raw_keys(place: Expiring) -> MakeResource:
    """A listing shows raw keys of all users, the key hashed and the owner's id in front of it."""
    return bind_resource(place, _RawKeys)
