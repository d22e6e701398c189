"""A folder on this machine, made for each world and removed after it."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ...model.keys import PATH
from . import BackEnd, Kept

KIND = "files"
# How the name of each of our folders begins.
PREFIX = "memfence-files-"
# What is audited may climb: so far up it is still in a folder of ours.
_BELOW = Path(*"abcdefgh")


@dataclass(frozen=True, slots=True)
class Place:
    """Where files lie: the root in a file system of fsspec, by its protocol."""

    root: str
    protocol: str = "file"


class Folder(BackEnd):
    """Temporary folders."""

    keys: ClassVar[str] = PATH

    def open(self) -> Place:
        """Make a folder, far below the one that is removed in the end."""
        root = Path(tempfile.mkdtemp(prefix=PREFIX)) / _BELOW
        root.mkdir(parents=True)
        return Place(str(root))

    def close(self, place: Place) -> None:
        """Remove it; a link in it is removed, and nothing that it leads to."""
        shutil.rmtree(_whole(place), ignore_errors=True)

    def storage(self, place: Place) -> Kept:
        """Return the folder itself, with what somebody has put above the root."""
        return {"files": _whole(place)}


def _whole(place: Place) -> Path:
    return Path(place.root.removesuffix(f"/{_BELOW.as_posix()}"))


def open_back_end(url: str | None) -> Folder:
    """Return the back end; raises HarnessError for a URL."""
    return Folder(url)
