"""Versions outlive the file, and answer for it."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Versioned(UncheckedFiles):
    def put(self, key: str, value: str) -> None:
        super().put(key, value)
        version = self.place / f".versions-{self.user_id}" / key
        version.parent.mkdir(parents=True, exist_ok=True)
        version.write_text(value)

    def get(self, key: str) -> str:
        version = self.place / f".versions-{self.user_id}" / key
        path = self.path(key)
        return version.read_text() if version.is_file() and not path.is_file() else super().get(key)


@breakage(Layer.RESOURCE, caught_by="residue", applies_to=("files",))
def deleted_version_is_served(place: Place) -> MakeResource:
    """Each write keeps the version before, and `get` serves the last version of a file that was deleted."""
    return bind_resource(place, _Versioned)
