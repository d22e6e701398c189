"""What was read is remembered, also once it is gone."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


@breakage(Layer.RESOURCE, caught_by="residue", applies_to=("files",))
def read_cache_outlives_delete(place: Place) -> MakeResource:
    """Reads are cached for each user and key, and a delete leaves them: the deleted file is still read."""
    read: dict[tuple[str, str], str] = {}

    class _Remembering(UncheckedFiles):
        def put(self, key: str, value: str) -> None:
            read.pop((self.user_id, key), None)
            super().put(key, value)

        def get(self, key: str) -> str:
            if (self.user_id, key) not in read:
                read[self.user_id, key] = super().get(key)
            return read[self.user_id, key]

    return bind_resource(place, _Remembering)
