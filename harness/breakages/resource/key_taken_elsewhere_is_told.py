"""Who owns a key is looked up among all."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Telling(UncheckedFiles):
    def get(self, key: str) -> str:
        path = self.path(key)
        taken = not path.is_file() and any((folder / key).is_file() for folder in self.place.iterdir())
        if taken:
            msg = "this file belongs to another user"
            raise PermissionError(msg)
        return super().get(key)


@breakage(Layer.RESOURCE, caught_by="existence", applies_to=("files",))
def key_taken_elsewhere_is_told(place: Place) -> MakeResource:
    """Reading a key that somebody else has is answered with no, and one that nobody has with nothing there."""
    return bind_resource(place, _Telling)
