"""An error wants to help."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Helpful(UncheckedFiles):
    def get(self, key: str) -> str:
        path = self.path(key)
        if not path.is_file():
            there = ", ".join(sorted(one.name for one in self.place.iterdir()))
            msg = f"no such file in {self.user_id}; there are: {there}"
            raise FileNotFoundError(msg)
        return path.read_text()


@breakage(Layer.RESOURCE, caught_by="foreign_id", applies_to=("files",))
def missing_file_names_folders(place: Place) -> MakeResource:
    """Whoever asks for a file that is not there is told which folders there are, by their users' ids."""
    return bind_resource(place, _Helpful)
