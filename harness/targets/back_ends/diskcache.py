"""A `diskcache.Cache` in a folder: an SQLite table, of which an expired row stays until it is culled."""

import shutil
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from ...model.keys import FLAT
from . import BackEnd, Kept

KIND = "cache"
_LATER = 3_600


class DiskCaches(BackEnd):
    """A cache in a temporary folder for each world."""

    keys: ClassVar[str] = FLAT
    module: ClassVar[str] = "diskcache"
    extra: ClassVar[str] = "cache"

    def open(self) -> Any:  # noqa: ANN401 - a diskcache.Cache
        """Make a cache."""
        import diskcache  # noqa: PLC0415 - an extra

        folder = tempfile.mkdtemp(prefix="memfence-cache-")
        # Nothing that is written here has to outlive a power cut.
        return diskcache.Cache(folder, eviction_policy="none", sqlite_synchronous=0)

    def close(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Remove it."""
        place.close()
        shutil.rmtree(place.directory, ignore_errors=True)

    def storage(self, place: Any) -> Kept:  # noqa: ANN401 - as above
        """Return the folder itself."""
        return {"cache": Path(place.directory)}

    def expire(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Let each entry that was put for a time have been put an hour earlier: the cache reads the real clock."""
        with place.transact():
            place._sql("UPDATE Cache SET expire_time = expire_time - ?", (_LATER,))  # noqa: SLF001 - it has no clock of its own


def open_back_end(url: str | None) -> DiskCaches:
    """Return the back end; raises HarnessError for a URL."""
    return DiskCaches(url)
