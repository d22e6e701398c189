"""Only where a copy comes from is looked at."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Copying(UncheckedFiles):
    def copy(self, source: str, target: str) -> None:
        path = self.root / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.get(source))


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("files",))
def copy_target_unchecked(place: Place) -> MakeResource:
    """`copy` checks its source, not its target: one's own file is copied over a neighbour's."""
    return bind_resource(place, _Copying)
