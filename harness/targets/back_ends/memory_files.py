"""The file system in memory of fsspec: as in an object store, a path is a name, and nothing resolves `..` in it."""

import secrets
from typing import Any, ClassVar

from ...model.keys import FLAT
from . import BackEnd, Kept
from .folder import Place

KIND = "files"
_PROTOCOL = "memory"


class MemoryFiles(BackEnd):
    """A root of its own for each world: all file systems in memory of one process are one."""

    # A key is a name there, and no path: nothing can be linked.
    keys: ClassVar[str] = FLAT
    module: ClassVar[str] = "fsspec"
    extra: ClassVar[str] = "files"

    def open(self) -> Place:
        """Make a root."""
        root = f"/memfence-{secrets.token_hex(4)}"
        file_system().makedirs(root)
        return Place(root, _PROTOCOL)

    def close(self, place: Place) -> None:
        """Remove it."""
        file_system().rm(place.root, recursive=True)

    def storage(self, place: Place) -> Kept:
        """Return each file with its path."""
        files = file_system()
        return {
            "files": [f"{path}: {files.cat_file(path).decode(errors='replace')}" for path in files.find(place.root)]
        }


def file_system() -> Any:  # noqa: ANN401 - fsspec has no types
    """Return the file system."""
    import fsspec  # noqa: PLC0415 - an extra

    return fsspec.filesystem(_PROTOCOL)


def open_back_end(url: str | None) -> MemoryFiles:
    """Return the back end; raises HarnessError for a URL."""
    return MemoryFiles(url)
