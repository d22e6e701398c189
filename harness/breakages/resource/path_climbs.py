"""The key is joined to the user's folder as it is."""

from pathlib import Path

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Climbing(UncheckedFiles):
    def path(self, key: str) -> Path:
        return self.root / key


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def path_climbs(place: Place) -> MakeResource:
    """A file's key is joined to the user's folder unchecked: `../` leads into the neighbour's."""
    return bind_resource(place, _Climbing)
