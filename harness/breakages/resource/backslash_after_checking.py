"""Keys of Windows clients are made those of this system once they have been found harmless."""

from pathlib import Path

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Slashing(UncheckedFiles):
    def path(self, key: str) -> Path:
        super().path(key.replace("\\", "-"))
        return self.root / key.replace("\\", "/")


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def backslash_after_checking(place: Place) -> MakeResource:
    """A backslash in a file's key becomes a slash after the check: what was part of a name is `../` now."""
    return bind_resource(place, _Slashing)
