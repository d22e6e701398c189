"""The file itself is not followed, and the folders before it are."""

import os
from pathlib import Path

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


def _unfollowed(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


class _LastAlone(UncheckedFiles):
    def get(self, key: str) -> str:
        path: Path = self.path(key)
        if not path.is_file():
            raise KeyError(key)
        with open(path, opener=_unfollowed) as file:
            return file.read()


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def folders_followed_when_opening(place: Place) -> MakeResource:
    """A path is looked at, then opened with O_NOFOLLOW, which is for its last name: a folder may be a link by then."""
    return bind_resource(place, _LastAlone)
