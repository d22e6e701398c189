"""How long a value stays is kept by the key alone."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Times(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, times: dict[str, float]) -> None:
        super().__init__(place, user_id)
        self._times = times

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        if ttl is not None:
            self._times[key] = ttl
        super().put(key, value, self._times.get(key))


@breakage(Layer.RESOURCE, caught_by="lost", applies_to=("cache",))
def ttl_kept_by_key(place: Expiring) -> MakeResource:
    """How long a value stays is kept by key: what is put for good takes the time that another gave the key."""
    times: dict[str, float] = {}
    return bind_resource(place, lambda place, user_id: _Times(place, user_id, times))
