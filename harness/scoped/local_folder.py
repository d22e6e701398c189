"""One user's folder on a local file system, entered step by step: no link is followed, whoever makes one meanwhile."""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from ..base.refusals import ScopeError

_Opened = tuple[int, str]
# Where the system has these calls, each step is taken from the folder before it, so that nothing is looked up twice.
POSSIBLE = {os.open, os.mkdir, os.unlink, os.rename, os.stat} <= os.supports_dir_fd and os.scandir in os.supports_fd
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class LocalFolder:
    """The folder at a path; its files by their keys. Raises ScopeError for a link, OSError as the system does."""

    __slots__ = ("_path",)

    def __init__(self, root: str, segment: str) -> None:
        """Take the folder of everybody, in which links are the owner's own affair, and the name of the user's."""
        self._path = os.path.join(os.path.realpath(root), segment)  # noqa: PTH118 - it is what `os` takes

    def read(self, key: str) -> bytes:
        """Return what the file holds."""
        with self.open(key, "rb") as file:
            content: bytes = file.read()
        return content

    def write(self, key: str, content: bytes) -> None:
        """Make or replace the file."""
        with self.open(key, "wb") as file:
            file.write(content)

    def open(self, key: str, mode: str, **options: Any) -> IO[Any]:  # noqa: ANN401 - as the built-in open
        """Open the file, as the built-in open does."""
        with self._beside(key, make="r" not in mode) as (folder, name):

            def opener(_: str, flags: int) -> int:
                # O_NONBLOCK: a pipe that lies there would make it wait for ever.
                return os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o666, dir_fd=folder)

            try:
                return open(name, mode, opener=opener, **options)
            except OSError as error:
                _tell_link(error, folder, name)
                raise

    def remove(self, key: str) -> None:
        """Remove the file."""
        with self._beside(key) as (folder, name):
            _refuse_link(folder, name)
            os.unlink(name, dir_fd=folder)

    def copy(self, key: str, to: str) -> None:
        """Copy the file, over another where there is one."""
        with self.open(key, "rb") as source, self.open(to, "wb") as target:
            shutil.copyfileobj(source, target)

    def move(self, key: str, to: str) -> None:
        """Rename the file, over another where there is one."""
        with self._beside(key) as (folder, name), self._beside(to, make=True) as (other, new):
            os.rename(name, new, src_dir_fd=folder, dst_dir_fd=other)

    def keys(self) -> Iterator[str]:
        """Yield the key of each file; links are none."""
        with suppress(FileNotFoundError), self._top(make=False) as top:
            yield from _files(top, "")

    def clear(self) -> None:
        """Remove the folder with all that it holds; a link goes, and what it leads to stays."""
        with suppress(FileNotFoundError), self._top(make=False) as top:
            for name, is_folder, _ in _entries(top):
                if is_folder:
                    shutil.rmtree(name, dir_fd=top)
                else:
                    os.unlink(name, dir_fd=top)
        # Somebody may have stored something in the meantime.
        with suppress(OSError):
            os.rmdir(self._path)  # noqa: PTH106 - as above

    @contextmanager
    def _top(self, *, make: bool) -> Iterator[int]:
        try:
            top = os.open(self._path, _FOLDER)
        except FileNotFoundError:
            if not make:
                raise
            os.makedirs(self._path, exist_ok=True)  # noqa: PTH103 - as above
            top = os.open(self._path, _FOLDER)
        except OSError as error:
            _tell_link(error, None, self._path)
            raise
        try:
            yield top
        finally:
            os.close(top)

    @contextmanager
    def _beside(self, key: str, *, make: bool = False) -> Iterator[_Opened]:
        """Open the folder in which the file lies; yield it, and the file's own name."""
        *folders, name = key.split("/")
        with self._top(make=make) as top:
            opened = top
            try:
                for folder in folders:
                    inner = _enter(opened, folder, make=make)
                    if opened != top:
                        os.close(opened)
                    opened = inner
                yield opened, name
            finally:
                if opened != top:
                    os.close(opened)


def _enter(folder: int, name: str, *, make: bool) -> int:
    try:
        try:
            return os.open(name, _FOLDER, dir_fd=folder)
        except FileNotFoundError:
            if not make:
                raise
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)
        return os.open(name, _FOLDER, dir_fd=folder)
    except OSError as error:
        _tell_link(error, folder, name)
        raise


def _tell_link(error: OSError, folder: int | None, name: str) -> None:
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        _refuse_link(folder, name)


def _refuse_link(folder: int | None, name: str) -> None:
    if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        msg = "a link lies on this path, and none is followed in a user's folder: remove it, or store under another key"
        raise ScopeError(msg)


def _entries(folder: int) -> list[tuple[str, bool, bool]]:
    """Return for each name whether it is a folder, and whether it is a file; a link is neither."""
    with os.scandir(folder) as found:
        return [(one.name, one.is_dir(follow_symlinks=False), one.is_file(follow_symlinks=False)) for one in found]


def _files(folder: int, before: str) -> Iterator[str]:
    for name, is_folder, is_file in _entries(folder):
        if is_file:
            yield before + name
        elif is_folder:
            # What goes in the meantime has no keys.
            with suppress(FileNotFoundError):
                inner = os.open(name, _FOLDER, dir_fd=folder)
                try:
                    yield from _files(inner, f"{before}{name}/")
                finally:
                    os.close(inner)
