"""A key that comes from a URL is decoded once it has been found harmless."""

from pathlib import Path
from urllib.parse import unquote

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Decoding(UncheckedFiles):
    def path(self, key: str) -> Path:
        super().path(key)
        return self.root / unquote(key)


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def decoded_after_checking(place: Place) -> MakeResource:
    """A file's key is percent-decoded after the check: `..%2f` was harmless then, and is `../` now."""
    return bind_resource(place, _Decoding)
