"""Where a link leads is looked at in reads alone."""

from os.path import normpath
from pathlib import Path

from ...base.refusals import ScopeError
from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import Inside, UncheckedFiles, bind_resource


class _Following(UncheckedFiles):
    def put(self, key: str, value: str) -> None:
        path: Path = Inside(normpath(self.root / key))
        if not path.is_relative_to(self.root):
            msg = "a key leads out of its user's folder"
            raise ScopeError(msg)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value)


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("files",))
def link_followed_on_write(place: Place) -> MakeResource:
    """A write checks its key as a text, and writes through a symbolic link into a neighbour's file."""
    return bind_resource(place, _Following)
