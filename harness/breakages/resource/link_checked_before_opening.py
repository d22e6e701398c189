"""A path is looked at, and then opened by its name."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Looking(UncheckedFiles):
    def put(self, key: str, value: str) -> None:
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value)

    def get(self, key: str) -> str:
        path = self.path(key)
        if not path.is_file():
            raise KeyError(key)
        return path.read_text()


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def link_checked_before_opening(place: Place) -> MakeResource:
    """Where a path leads is looked at before it is opened: a link that comes in between is followed."""
    return bind_resource(place, _Looking)
