"""One user's folder on any file system of fsspec, by calls that take one path each and give no sign a meaning."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, Any, TypeVar

from ..base.refusals import IsolationError, ScopeError

_T = TypeVar("_T")


class FarFolder:
    """The folder below a root; its files by their keys. Raises OSError as the file system does.

    Where paths are local ones, what a link leads out of the folder is refused with ScopeError; the path is looked at
    before it is used, so a link made between the two is not seen. On others links are the file system's own affair.
    """

    __slots__ = ("_base", "_fs", "_real")

    def __init__(self, fs: Any, root: str, segment: str) -> None:  # noqa: ANN401 - fsspec's types are all Any
        """Take fsspec's file system, the folder of everybody and the name of the user's."""
        self._fs = fs
        above = fs._strip_protocol(root)  # noqa: SLF001 - as each of fsspec's own calls does
        self._base = f"{above.rstrip('/')}/{segment}"
        self._real = f"{os.path.realpath(above)}{os.sep}{segment}" if getattr(fs, "local_file", False) else None

    def read(self, key: str) -> bytes:
        """Return what the file holds."""
        content: bytes = self._fs.cat_file(self._path(key))
        return content

    def write(self, key: str, content: bytes) -> None:
        """Make or replace the file."""
        path = self._path(key)
        self._made(path, lambda: self._fs.pipe_file(path, content))

    def open(self, key: str, mode: str, **options: Any) -> IO[Any]:  # noqa: ANN401 - as fsspec's open
        """Open the file, as fsspec does."""
        path = self._path(key)

        def opened() -> IO[Any]:
            file: IO[Any] = self._fs.open(path, mode, **options)
            return file

        return opened() if "r" in mode else self._made(path, opened)

    def remove(self, key: str) -> None:
        """Remove the file."""
        path = self._path(key)
        # Object stores remove what is not there in silence.
        if not self._fs.isfile(path):
            raise FileNotFoundError
        self._fs.rm_file(path)

    def copy(self, key: str, to: str) -> None:
        """Copy the file, over another where there is one."""
        source, target = self._path(key), self._path(to)
        self._made(target, lambda: self._fs.cp_file(source, target))

    def move(self, key: str, to: str) -> None:
        """Copy the file, then remove it."""
        self.copy(key, to)
        self.remove(key)

    def keys(self) -> Iterator[str]:
        """Yield the key of each file; raises IsolationError where the file system lists what lies elsewhere."""
        for path in self._found():
            key = path[len(self._base) + 1 :]
            if self._real is None or self._is_inside(path):
                yield key

    def clear(self) -> None:
        """Remove each file, then the folders; a link goes, and what it leads to stays."""
        for path in self._found():
            self._fs.rm_file(path)
        folders = self._found(withdirs=True)
        for path in sorted(folders, key=len, reverse=True):
            # Object stores have no folders; somebody may have stored something in the meantime.
            with suppress(OSError, NotImplementedError):
                self._fs.rmdir(path)
        with suppress(OSError, NotImplementedError):
            self._fs.rmdir(self._base)

    def _found(self, **options: bool) -> list[str]:
        self._fs.invalidate_cache(self._base)
        if self._real is not None:
            # The user's folder may be a link itself.
            self._check(self._base)
        found = [path for path in self._fs.find(self._base, **options) if path != self._base]
        if not all(path.startswith(f"{self._base}/") for path in found):
            operation = "list"
            raise IsolationError(operation)
        return found

    def _path(self, key: str) -> str:
        path = f"{self._base}/{key}"
        if self._real is not None:
            self._check(path)
        return path

    def _check(self, path: str) -> None:
        if not self._is_inside(path):
            msg = "a link on this path leads out of the user's folder: remove it, or store under another key"
            raise ScopeError(msg)

    def _is_inside(self, path: str) -> bool:
        real = os.path.realpath(path)
        return real == self._real or real.startswith(f"{self._real}{os.sep}")

    def _made(self, path: str, call: Callable[[], _T]) -> _T:
        """Make the file's folder where the file system wants one first."""
        try:
            return call()
        except FileNotFoundError:
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            return call()
