"""A file is renamed, and only its new name is looked at."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Moving(UncheckedFiles):
    def move(self, source: str, target: str) -> None:
        found, path = self.root / source, self.path(target)
        if not found.is_file():
            raise KeyError(source)
        path.parent.mkdir(parents=True, exist_ok=True)
        found.replace(path)


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("files",))
def move_source_unchecked(place: Place) -> MakeResource:
    """`move` checks its target, not its source: a neighbour's file is taken away."""
    return bind_resource(place, _Moving)
