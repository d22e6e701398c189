"""A listing begins where a file manager would."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Manager(UncheckedFiles):
    def list(self, prefix: str = "") -> list[str]:
        beside = sorted(f"{one.name}/" for one in self.place.iterdir() if one != self.root)
        return [*super().list(prefix), *beside]


@breakage(Layer.RESOURCE, caught_by="foreign_id", applies_to=("files",))
def listing_shows_neighbours_folders(place: Place) -> MakeResource:
    """A listing names the folders beside the user's own, which are called as the users are."""
    return bind_resource(place, _Manager)
