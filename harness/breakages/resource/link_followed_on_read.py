"""Where a link leads is not looked at."""

from os.path import normpath
from pathlib import Path

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import Inside, UncheckedFiles, bind_resource


class _Following(UncheckedFiles):
    def get(self, key: str) -> str:
        path: Path = Inside(normpath(self.root / key))
        if not path.is_relative_to(self.root) or not path.is_file():
            raise KeyError(key)
        return path.read_text()


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def link_followed_on_read(place: Place) -> MakeResource:
    """A key is checked as a text, and a read follows a symbolic link out of the user's folder."""
    return bind_resource(place, _Following)
