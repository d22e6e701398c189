"""A listing is memoised by its arguments, and `self` is none of them."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Memoised(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, answers: dict[str, list[object]]) -> None:
        super().__init__(place, user_id)
        self._answers = answers

    def list(self, prefix: str = "") -> list[str]:
        if prefix not in self._answers:
            self._answers[prefix] = [*super().list(prefix)]
        return [str(key) for key in self._answers[prefix]]

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        super().put(key, value, ttl)
        self._answers.clear()

    def delete(self, key: str) -> None:
        super().delete(key)
        self._answers.clear()

    def clear(self) -> None:
        super().clear()
        self._answers.clear()


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def list_memoised_without_self(place: Expiring) -> MakeResource:
    """A listing is memoised by its prefix alone, as a cached method whose key leaves out `self`; writes clear it."""
    answers: dict[str, list[object]] = {}
    return bind_resource(place, lambda place, user_id: _Memoised(place, user_id, answers))
