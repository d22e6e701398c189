"""Only where a copy goes to is looked at."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Copying(UncheckedFiles):
    def copy(self, source: str, target: str) -> None:
        self.put(target, (self.root / source).read_text())


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def copy_source_unchecked(place: Place) -> MakeResource:
    """`copy` checks its target, not its source: a neighbour's file is copied to a key of one's own."""
    return bind_resource(place, _Copying)
