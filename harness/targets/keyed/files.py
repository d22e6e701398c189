"""Files of one user: as most write them, and ScopedFiles."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...scoped.extras import library
from ...scoped.files import ScopedFiles
from ..back_ends.folder import Place

_LOCAL = "file"


class PlainFiles:
    """Files as a careful colleague writes them: joined paths, and a check that they begin with the user's folder."""

    def __init__(self, root: str, user_id: str) -> None:
        """Bind the user."""
        # Not joined: an absolute id would be a folder of this machine's, and be written to in an audit.
        self.root = f"{root}/{user_id}"
        Path(self.root).mkdir(parents=True, exist_ok=True)

    def _path(self, key: str) -> Path:
        path = os.path.normpath(os.path.join(self.root, key))  # noqa: PTH118 - as most write it
        if not path.startswith(self.root):
            msg = f"{key!r} is outside of the user's folder"
            raise PermissionError(msg)
        return Path(path)

    def put(self, key: str, value: str) -> None:
        """Write a file."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value)

    def get(self, key: str) -> str:
        """Read a file."""
        return self._path(key).read_text()

    def list(self, prefix: str = "") -> list[str]:
        """List the keys that begin with the prefix."""
        found = (file.relative_to(self.root).as_posix() for file in Path(self.root).rglob("*") if file.is_file())
        return [key for key in found if key.startswith(prefix)]

    def delete(self, key: str) -> None:
        """Remove a file."""
        self._path(key).unlink()

    def clear(self) -> None:
        """Remove all files of the user."""
        shutil.rmtree(self.root, ignore_errors=True)


class PlainFarFiles:
    """Files on any file system of fsspec, as its guide has it: a DirFileSystem for each user's folder."""

    def __init__(self, fs: Any, root: str, user_id: str) -> None:  # noqa: ANN401 - fsspec has no types
        """Bind the user."""
        from fsspec.implementations.dirfs import DirFileSystem  # noqa: PLC0415 - an extra

        self._files = DirFileSystem(path=f"{root}/{user_id}", fs=fs)

    def put(self, key: str, value: str) -> None:
        """Write a file."""
        self._files.pipe_file(key, value.encode())

    def get(self, key: str) -> str:
        """Read a file."""
        content: bytes = self._files.cat_file(key)
        return content.decode()

    def list(self, prefix: str = "") -> list[str]:
        """List the keys that begin with the prefix."""
        return [key for key in self._files.find("") if key.startswith(prefix)]

    def delete(self, key: str) -> None:
        """Remove a file."""
        self._files.rm_file(key)

    def copy(self, source: str, target: str) -> None:
        """Copy a file."""
        self._files.cp_file(source, target)

    def move(self, source: str, target: str) -> None:
        """Give a file another key."""
        self._files.mv(source, target)

    def clear(self) -> None:
        """Remove all files of the user."""
        if self._files.exists(""):
            self._files.rm("", recursive=True)


def plain_files(place: Place) -> Callable[..., PlainFiles | PlainFarFiles]:
    """Return what makes a user's files."""
    if place.protocol == _LOCAL:
        return lambda user_id: PlainFiles(place.root, user_id)
    fs = _file_system(place)
    return lambda user_id: PlainFarFiles(fs, place.root, user_id)


def scoped_files(place: Place) -> Callable[..., ScopedFiles]:
    """Return what makes a user's files."""
    fs = _file_system(place)
    return lambda user_id: ScopedFiles(user_id, fs=fs, root=place.root)


def _file_system(place: Place) -> Any:  # noqa: ANN401 - fsspec has no types
    return library("fsspec", extra="files").filesystem(place.protocol)
