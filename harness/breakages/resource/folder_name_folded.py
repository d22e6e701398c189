"""Folders are named for a disk that knows no capitals."""

from pathlib import Path

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Folded(UncheckedFiles):
    def root_of(self) -> Path:
        return self.place / self.user_id.strip(".").lower()


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def folder_name_folded(place: Place) -> MakeResource:
    """A user's folder is the id in lower case: `Ann` and `ann` share one."""
    return bind_resource(place, _Folded)
