"""A key that is deleted is a pattern."""

from glob import glob

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Pattern(UncheckedFiles):
    def delete(self, key: str) -> None:
        found = glob(key, root_dir=self.root)  # noqa: PTH207 - Path.glob refuses more
        if not found:
            raise KeyError(key)
        for one in found:
            (self.root / one).unlink()


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("files",))
def delete_by_pattern(place: Place) -> MakeResource:
    """`delete` globs for its key below the user's folder: a key such as `../*/notes.txt` removes others' files."""
    return bind_resource(place, _Pattern)
