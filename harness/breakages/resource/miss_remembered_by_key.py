"""That there is nothing under a key is remembered for everybody."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Missing(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, missing: dict[str, str]) -> None:
        super().__init__(place, user_id)
        self._missing = missing

    def get(self, key: str) -> object:
        if key in self._missing:
            raise KeyError(key)
        try:
            return super().get(key)
        except KeyError:
            self._missing[key] = self.user_id
            raise

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        super().put(key, value, ttl)
        if self._missing.get(key) == self.user_id:
            del self._missing[key]


@breakage(Layer.RESOURCE, caught_by="lost", applies_to=("cache",))
def miss_remembered_by_key(place: Expiring) -> MakeResource:
    """A miss is remembered by the key alone, and only who missed clears it: what another puts later is hidden."""
    missing: dict[str, str] = {}
    return bind_resource(place, lambda place, user_id: _Missing(place, user_id, missing))
