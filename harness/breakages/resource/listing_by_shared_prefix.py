"""Users' folders are prefixes of names in one bucket."""

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Bucket(UncheckedFiles):
    def list(self, prefix: str = "") -> list[str]:
        names = (file.relative_to(self.place).as_posix() for file in self.place.rglob("*") if file.is_file())
        mine = (name.removeprefix(self.user_id).lstrip("/") for name in names if name.startswith(self.user_id))
        return sorted(key for key in mine if key.startswith(prefix))


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def listing_by_shared_prefix(place: Place) -> MakeResource:
    """A listing compares names in one bucket with the user's id, without the slash: `acme` lists `acme-corp/`."""
    return bind_resource(place, _Bucket)
