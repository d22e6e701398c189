"""A page is cut from everybody's files."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource

PAGE = 5


class _Cut(UncheckedFiles):
    def list(self, prefix: str = "") -> list[str]:
        files = (file for file in self.place.rglob("*") if file.is_file())
        newest = sorted(files, key=lambda file: file.stat().st_mtime_ns, reverse=True)[:PAGE]
        mine = [file.relative_to(self.root).as_posix() for file in newest if file.is_relative_to(self.root)]
        return sorted(key for key in mine if key.startswith(prefix))


@breakage(Layer.RESOURCE, caught_by="lost", applies_to=("files",))
def listing_cut_before_filtering(place: Place) -> MakeResource:
    """A listing takes the newest files of all users, and then those of its own: neighbours push one's files out."""
    return bind_resource(place, _Cut)
