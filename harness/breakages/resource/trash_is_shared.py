"""What is deleted goes to one place, under its key alone."""

from pathlib import Path

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Trashing(UncheckedFiles):
    def trashed(self, key: str) -> Path:
        """Return where a deleted file of this key lies."""
        return self.place / ".trash" / key.replace("/", "-")

    def delete(self, key: str) -> None:
        path, trashed = self.path(key), self.trashed(key)
        if not path.is_file():
            raise KeyError(key)
        trashed.parent.mkdir(exist_ok=True)
        path.replace(trashed)

    def get(self, key: str) -> str:
        trashed = self.trashed(key)
        return trashed.read_text() if trashed.is_file() and not self.path(key).is_file() else super().get(key)


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def trash_is_shared(place: Place) -> MakeResource:
    """A deleted file goes to a trash that all share, and `get` falls back to what lies there under the key."""
    return bind_resource(place, _Trashing)
