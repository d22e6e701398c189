"""What climbs is cut out of a key, and what is left is not looked at again."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Removing(UncheckedFiles):
    def put(self, key: str, value: str) -> None:
        path = self.root / key.replace("../", "")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value)


@breakage(Layer.RESOURCE, caught_by="tampering", applies_to=("files",))
def dots_removed_once(place: Place) -> MakeResource:
    """`../` is removed from a file's key once before a write: `....//` becomes `../`, and climbs."""
    return bind_resource(place, _Removing)
