"""Empty folders are tidied away, up to the wrong one."""

import shutil

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Climbing(UncheckedFiles):
    def clear(self) -> None:
        folder = self.root if self.root.is_dir() else self.root.parent
        for one in folder.iterdir():
            shutil.rmtree(one, ignore_errors=True)
            one.unlink(missing_ok=True)


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("files",))
def clear_climbs_when_empty(place: Place) -> MakeResource:
    """`clear()` of a user who has no folder removes the folder above, which is everybody's."""
    return bind_resource(place, _Climbing)
