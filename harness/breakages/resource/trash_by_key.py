"""What was deleted can be read from the trash by its key."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Trashing(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, trash: dict[str, object]) -> None:
        super().__init__(place, user_id)
        self._trash = trash

    def get(self, key: str) -> object:
        try:
            return super().get(key)
        except KeyError:
            if key in self._trash:
                return self._trash[key]
            raise

    def delete(self, key: str) -> None:
        value = super().get(key)
        super().delete(key)
        self._trash[key] = value


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def trash_by_key(place: Expiring) -> MakeResource:
    """A delete puts the value in a trash that has no user, and a read that finds nothing looks there."""
    trash: dict[str, object] = {}
    return bind_resource(place, lambda place, user_id: _Trashing(place, user_id, trash))
