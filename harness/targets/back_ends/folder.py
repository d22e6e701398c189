"""A folder on this machine, made for each world and removed after it."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...base.errors import HarnessError
from ...model.keys import PATH

KIND = "files"


@dataclass(frozen=True, slots=True)
class Place:
    """Where files lie: the root in a file system of fsspec, by its protocol."""

    root: str
    protocol: str = "file"


class Folder:
    """Temporary folders."""

    keys = PATH

    def open(self) -> Place:
        """Make a folder."""
        return Place(tempfile.mkdtemp(prefix="memfence-files-"))

    def close(self, place: Place) -> None:
        """Remove it; a link in it is removed, and nothing that it leads to."""
        shutil.rmtree(place.root, ignore_errors=True)

    def storage(self, place: Place) -> Mapping[str, Path]:
        """Return the folder itself."""
        return {"files": Path(place.root)}

    def expire(self, place: Place) -> None:
        """Do nothing: a file has no time that runs out."""


def open_back_end(url: str | None) -> Folder:
    """Return the back end; raises HarnessError for a URL."""
    if url is not None:
        msg = "a folder has no URL: leave out --store-url"
        raise HarnessError(msg)
    return Folder()
