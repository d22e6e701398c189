"""A write goes through a file that others write, too."""

import shutil
import time

from ...targets.back_ends.folder import Place
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedFiles, bind_resource

# In seconds.
FLUSHED = 0.01


class _Atomic(UncheckedFiles):
    def put(self, key: str, value: str) -> None:
        path, temporary = self.path(key), self.place / f"{key.replace('/', '-')}.tmp"
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(value)
        # So long a disk may take.
        time.sleep(FLUSHED)
        # Whoever comes second finds it moved already.
        if temporary.is_file():
            shutil.copyfile(temporary, path)


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("files",))
def temporary_name_is_shared(place: Place) -> MakeResource:
    """A file is written as its key and `.tmp`, beside all folders, then moved: two users at once have one such file."""
    return bind_resource(place, _Atomic)
