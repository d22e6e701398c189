"""Keys are brought into one Unicode form once they have been found harmless."""

from pathlib import Path
from unicodedata import normalize

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Normalising(UncheckedFiles):
    def path(self, key: str) -> Path:
        super().path(key)
        return self.root / normalize("NFKC", key)


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def normalised_after_checking(place: Place) -> MakeResource:
    """A file's key is NFKC-normalised after the check: dots and a slash in full width are `../` now."""
    return bind_resource(place, _Normalising)
