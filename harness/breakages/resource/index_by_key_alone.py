"""An index of all files knows nobody's name."""

from pathlib import Path

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def index_by_key_alone(place: Place) -> MakeResource:
    """An index from key to file is everybody's: whoever put a key last is read by all who use it."""
    index: dict[str, Path] = {}

    class _Indexed(UncheckedFiles):
        def put(self, key: str, value: str) -> None:
            super().put(key, value)
            index[key] = self.path(key)

        def get(self, key: str) -> str:
            path = index.get(key, self.path(key))
            if not path.is_file():
                raise KeyError(key)
            return path.read_text()

    return bind_resource(place, _Indexed)
