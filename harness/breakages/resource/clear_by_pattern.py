"""What is removed is whatever begins with the user's id."""

import shutil

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Pattern(UncheckedFiles):
    def clear(self) -> None:
        for folder in self.place.glob(f"{self.user_id}*"):
            shutil.rmtree(folder, ignore_errors=True)


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("files",))
def clear_by_pattern(place: Place) -> MakeResource:
    """`clear()` removes the folders whose names begin with the user's id: `acme` removes `acme-corp`, too."""
    return bind_resource(place, _Pattern)
