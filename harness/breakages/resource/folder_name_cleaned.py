"""Folders are named without punctuation."""

from pathlib import Path

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Cleaned(UncheckedFiles):
    def root_of(self) -> Path:
        return self.place / "".join(one for one in self.user_id if one.isalnum())


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def folder_name_cleaned(place: Place) -> MakeResource:
    """A user's folder is the letters and digits of the id: `a.b` and `a-b` share one."""
    return bind_resource(place, _Cleaned)
