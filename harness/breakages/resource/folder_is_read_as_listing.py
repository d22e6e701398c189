"""Whoever reads a folder is shown what lies there."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Browsing(UncheckedFiles):
    def get(self, key: str) -> str:
        found = self.root / key
        if key == ".." and found.is_dir():
            return "\n".join(sorted(one.name for one in found.iterdir()))
        return super().get(key)


@breakage(Layer.RESOURCE, caught_by="foreign_id", applies_to=("files",))
def folder_is_read_as_listing(place: Place) -> MakeResource:
    """`get` of a key that names a folder returns what lies there, and `..` is let through: it names the users."""
    return bind_resource(place, _Browsing)
