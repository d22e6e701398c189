"""A folder on this machine, made for each world and removed after it."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ...model.keys import PATH
from . import BackEnd, Kept

KIND = "files"


@dataclass(frozen=True, slots=True)
class Place:
    """Where files lie: the root in a file system of fsspec, by its protocol."""

    root: str
    protocol: str = "file"


class Folder(BackEnd):
    """Temporary folders."""

    keys: ClassVar[str] = PATH

    def open(self) -> Place:
        """Make a folder."""
        return Place(tempfile.mkdtemp(prefix="memfence-files-"))

    def close(self, place: Place) -> None:
        """Remove it; a link in it is removed, and nothing that it leads to."""
        shutil.rmtree(place.root, ignore_errors=True)

    def storage(self, place: Place) -> Kept:
        """Return the folder itself."""
        return {"files": Path(place.root)}


def open_back_end(url: str | None) -> Folder:
    """Return the back end; raises HarnessError for a URL."""
    return Folder(url)
