"""Blanks around the parts of a key are stripped once they have been found harmless."""

from pathlib import Path

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Stripping(UncheckedFiles):
    def path(self, key: str) -> Path:
        super().path(key)
        return self.root.joinpath(*(part.strip() for part in key.split("/")))


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def parts_stripped_after_checking(place: Place) -> MakeResource:
    """Blanks around the parts of a file's key are stripped after the check: `.. ` was a name, and is `..` now."""
    return bind_resource(place, _Stripping)
