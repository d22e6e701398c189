"""A prefix is a pattern."""

from glob import glob
from os.path import relpath

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Globbing(UncheckedFiles):
    def list(self, prefix: str = "") -> list[str]:
        found = glob(f"{prefix}*", root_dir=self.root)  # noqa: PTH207 - Path.glob refuses more
        below = (under for one in found for under in (self.root / one).rglob("*"))
        files = {self.root / one for one in found}.union(below)
        return sorted(relpath(file, self.root) for file in files if file.is_file())


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def listing_is_globbed(place: Place) -> MakeResource:
    """A listing globs for the prefix below the user's folder: `../` lists the neighbours' files."""
    return bind_resource(place, _Globbing)
