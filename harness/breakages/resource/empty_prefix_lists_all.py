"""No prefix is taken for the root."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Whole(UncheckedFiles):
    def list(self, prefix: str = "") -> list[str]:
        if prefix:
            return super().list(prefix)
        return sorted(file.relative_to(self.place).as_posix() for file in self.place.rglob("*") if file.is_file())


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def empty_prefix_lists_all(place: Place) -> MakeResource:
    """A listing under a prefix is of the user's folder, and one without a prefix of everybody's."""
    return bind_resource(place, _Whole)
