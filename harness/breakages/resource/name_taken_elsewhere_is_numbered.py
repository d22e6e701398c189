"""Names are kept apart among all users."""

from collections.abc import Iterator

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Numbered(UncheckedFiles):
    def list(self, prefix: str = "") -> list[str]:
        return [f"{key} ({count})" if count > 1 else key for key, count in self.counted(prefix)]

    def counted(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield the user's keys, each with how many users have it."""
        for key in super().list(prefix):
            yield key, sum((folder / key).is_file() for folder in self.place.iterdir())


@breakage(Layer.RESOURCE, caught_by="noninterference", applies_to=("files",))
def name_taken_elsewhere_is_numbered(place: Place) -> MakeResource:
    """A file whose name any user has already is listed with a number: `draft (2)` tells that there is another."""
    return bind_resource(place, _Numbered)
