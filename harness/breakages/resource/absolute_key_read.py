"""Folder and key are joined by what lets an absolute path win."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Absolute(UncheckedFiles):
    def get(self, key: str) -> str:
        path = self.root / key
        if ".." in key or path.is_symlink() or not path.is_file():
            raise KeyError(key)
        return path.read_text()


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def absolute_key_read(place: Place) -> MakeResource:
    """Reads refuse `..` and join the key to the user's folder: a key that is absolute replaces the folder."""
    return bind_resource(place, _Absolute)
