"""The folder is compared as a text."""

from pathlib import Path

from ...base.refusals import ScopeError
from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Alike(UncheckedFiles):
    def path(self, key: str) -> Path:
        found = (self.root / key).resolve()
        if not self.may_use(found):
            msg = "a key leads out of its user's folder"
            raise ScopeError(msg)
        return found

    def may_use(self, path: Path) -> bool:
        return str(path).startswith(str(self.root.resolve()))


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def sibling_begins_alike(place: Place) -> MakeResource:
    """A path is the user's if it begins with the user's folder as a text: `acme-corp` lies in `acme`."""
    return bind_resource(place, _Alike)
