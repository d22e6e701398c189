"""An index of keys knows nothing of time."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Indexed(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, index: dict[str, list[str]]) -> None:
        super().__init__(place, user_id)
        self._keys = index.setdefault(user_id, [])

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        super().put(key, value, ttl)
        if key not in self._keys:
            self._keys.append(key)

    def list(self, prefix: str = "") -> list[str]:
        return [key for key in self._keys if key.startswith(prefix)]

    def delete(self, key: str) -> None:
        super().delete(key)
        if key in self._keys:
            self._keys.remove(key)

    def clear(self) -> None:
        super().clear()
        self._keys.clear()


@breakage(Layer.RESOURCE, caught_by="residue", applies_to=("cache",))
def expired_still_listed(place: Expiring) -> MakeResource:
    """A listing is taken from an index of the user's keys that only a delete shortens: expired keys stay."""
    index: dict[str, list[str]] = {}
    return bind_resource(place, lambda place, user_id: _Indexed(place, user_id, index))
