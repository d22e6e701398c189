"""The client remembers whose turn it is."""

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _Shared(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, client: dict[str, str]) -> None:
        super().__init__(place, user_id)
        self._client = client

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        self._client["user"] = self.user_id
        super().put(key, value, ttl)

    def get(self, key: str) -> object:
        return self.place[self._client.get("user", self.user_id), key]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def last_user_kept_in_client(place: Expiring) -> MakeResource:
    """A client that all share is told the user by writes alone: a read asks for whoever wrote last."""
    client: dict[str, str] = {}
    return bind_resource(place, lambda place, user_id: _Shared(place, user_id, client))
