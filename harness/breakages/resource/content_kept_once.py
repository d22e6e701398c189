"""A cache keeps each text once, under its digest, and nobody counts who needs it."""

import hashlib

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource


class _KeptOnce(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, contents: dict[str, str]) -> None:
        super().__init__(place, user_id)
        self._contents = contents

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        digest = hashlib.sha256(value.encode()).hexdigest()
        self._contents[digest] = value
        super().put(key, digest, ttl)

    def get(self, key: str) -> object:
        return self._contents.get(super().get(key))

    def delete(self, key: str) -> None:
        digest = super().get(key)
        super().delete(key)
        self._contents.pop(digest, None)


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("cache",))
def content_kept_once(place: Expiring) -> MakeResource:
    """Each text is kept once, under its digest: who deletes it deletes it for all who have put the same."""
    contents: dict[str, str] = {}
    return bind_resource(place, lambda place, user_id: _KeptOnce(place, user_id, contents))
