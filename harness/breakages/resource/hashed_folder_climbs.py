"""Folders that nobody can guess are no check."""

from hashlib import blake2b
from pathlib import Path

from ...base.refusals import ScopeError
from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource


class _Hashed(UncheckedFiles):
    def root_of(self) -> Path:
        return self.place / "users" / blake2b(self.user_id.encode(), digest_size=8).hexdigest() / "files"

    def path(self, key: str) -> Path:
        path = self.root / key
        if path.is_symlink():
            msg = "a key names a link"
            raise ScopeError(msg)
        return path


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def hashed_folder_climbs(place: Place) -> MakeResource:
    """Files lie in `users/<hash of the id>/files`, and a key that climbs out of there is not refused."""
    return bind_resource(place, _Hashed)
