"""Only reads look whether a key is absolute."""

from ...base.refusals import ScopeError
from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Absolute(UncheckedFiles):
    def put(self, key: str, value: str) -> None:
        path = self.root / key
        if ".." in key or path.is_symlink():
            msg = "a key leads out of its user's folder"
            raise ScopeError(msg)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value)


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("files",))
def absolute_key_written(place: Place) -> MakeResource:
    """Writes refuse `..` in a file's key and join it to the user's folder: an absolute key replaces the folder."""
    return bind_resource(place, _Absolute)
