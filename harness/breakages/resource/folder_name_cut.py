"""Folders have short names."""

from pathlib import Path

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource

LONGEST = 32


class _Cut(UncheckedFiles):
    def root_of(self) -> Path:
        return self.place / self.user_id.strip(".")[:LONGEST]


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def folder_name_cut(place: Place) -> MakeResource:
    """A user's folder is the first 32 characters of the id: two long ids that begin alike share one."""
    return bind_resource(place, _Cut)
