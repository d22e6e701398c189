"""ScopedFiles: one user's files in a folder that many users share, on any file system of fsspec.

A key is a relative path such as `notes/today.md`. Raised: TypeError for what is no str; ScopeError for a key that
`paths` refuses, before anything is called, and for a path on which a link lies; FileMissingError, which is a KeyError
and a FileNotFoundError, where a key has no file; any other OSError as the file system raises it, without the path. No
message names the root, or repeats the key.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, TypeAlias

from ..base.refusals import FileMissingError
from . import given, local_folder
from .extras import homes
from .far_folder import FarFolder
from .keys import scoped_segment
from .local_folder import LocalFolder
from .paths import check_key, check_prefix, under

_LOCAL = "fsspec.implementations.local"
_DIR = "fsspec.implementations.dirfs"
# What is raised where a path leads to no file; fsspec's memory says the last where a file stands in the way.
_NO_FILE = (FileNotFoundError, NotADirectoryError, IsADirectoryError, FileExistsError)
# The method `list` hides the type from the class.
_Keys: TypeAlias = list[str]


class ScopedFiles:
    """The files of one user below `root/<segment of the user>/`, and no way to any other's.

    `fs` is a file system of fsspec, such as `fsspec.filesystem("file")`, `"memory"` or `"s3"`. On a local one no link
    below the user's folder is followed, wherever it leads. Keys that differ by case alone are one file where the
    file system folds case.
    """

    __slots__ = ("_folder", "_user_id")

    def __init__(self, user_id: str, *, fs: Any, root: str) -> None:  # noqa: ANN401 - fsspec's types are all Any
        """Bind the user; raises ScopeError or TypeError for an id that ScopedMemory refuses, too."""
        segment = scoped_segment(user_id)
        self._user_id = user_id
        _check_file_system(fs)
        fs, root = _unwrapped(fs, str(root))
        is_local = type(fs).__module__ == _LOCAL and type(fs).__name__ == "LocalFileSystem"
        self._folder: LocalFolder | FarFolder
        if is_local and local_folder.POSSIBLE:
            self._folder = LocalFolder(fs._strip_protocol(root), segment)  # noqa: SLF001 - `file:///data` is a root, too
        else:
            self._folder = FarFolder(fs, root, segment)

    @property
    def user_id(self) -> str:
        """The bound user."""
        return self._user_id

    def __repr__(self) -> str:
        """Show the scope."""
        return f"{type(self).__name__}({self._user_id!r})"

    def put(self, key: str, value: str | bytes) -> None:
        """Make or replace a file; a str is stored as UTF-8."""
        key = check_key(key)
        if not isinstance(value, (str, bytes)):
            msg = f"value must be a str or bytes, got {type(value).__name__}"
            raise TypeError(msg)
        content = given.text(value, "value").encode() if isinstance(value, str) else value
        with _told(is_sought=False):
            self._folder.write(key, content)

    def get(self, key: str) -> bytes:
        """Return what the file holds, as bytes: a file does not know whether it was put as a str."""
        key = check_key(key)
        with _told():
            return self._folder.read(key)

    def get_text(self, key: str) -> str:
        """Return what the file holds as a str; raises UnicodeDecodeError for what is no UTF-8."""
        return self.get(key).decode()

    def open(self, key: str, mode: str = "r", **options: Any) -> IO[Any]:  # noqa: ANN401 - as the built-in open
        """Open a file, as the built-in open does; text is UTF-8 unless `encoding` says otherwise."""
        key = check_key(key)
        if "b" not in mode:
            options.setdefault("encoding", "utf-8")
        with _told(is_sought="r" in mode):
            return self._folder.open(key, mode, **options)

    def delete(self, key: str) -> None:
        """Remove a file."""
        key = check_key(key)
        with _told():
            self._folder.remove(key)

    def copy(self, key: str, to: str) -> None:
        """Copy a file to another key, over what is there."""
        key, to = check_key(key), check_key(to, "to")
        self._look_for(key)
        if key != to:
            with _told(is_sought=False):
                self._folder.copy(key, to)

    def move(self, key: str, to: str) -> None:
        """Give a file another key, over what is there."""
        key, to = check_key(key), check_key(to, "to")
        self._look_for(key)
        if key != to:
            with _told(is_sought=False):
                self._folder.move(key, to)

    def list(self, prefix: str = "") -> _Keys:
        """Return the keys of all files, or of those at or below a prefix, sorted: "acme" lists no "acme-corp/x"."""
        prefix = check_prefix(prefix)
        with _told(is_sought=False):
            return sorted(key for key in self._folder.keys() if under(key, prefix))  # noqa: SIM118 - no mapping

    def clear(self) -> None:
        """Remove all files of this user, and of nobody else."""
        with _told(is_sought=False):
            self._folder.clear()

    def _look_for(self, key: str) -> None:
        with _told():
            self._folder.open(key, "rb").close()


@contextmanager
def _told(*, is_sought: bool = True) -> Iterator[None]:
    """Raise an error of the file system's without the path, which has the root in it."""
    try:
        yield
    except OSError as error:
        if is_sought and isinstance(error, _NO_FILE):
            raise FileMissingError from None
        if type(error).__module__ != "builtins":
            raise
        said = ("the file system refused",) if error.errno is None else (error.errno, error.strerror)
        raise type(error)(*said) from None


def _check_file_system(fs: object) -> None:
    if "fsspec.spec.AbstractFileSystem" not in homes(fs):
        msg = (
            f"fs must be a file system of fsspec such as fsspec.filesystem('file'), got {type(fs).__name__}; "
            "fsspec comes with memfence[files]"
        )
        raise TypeError(msg)
    if getattr(fs, "asynchronous", False):
        msg = "fs is asynchronous, and ScopedFiles is not: make it without asynchronous=True"
        raise TypeError(msg)


def _unwrapped(fs: Any, root: str) -> tuple[Any, str]:  # noqa: ANN401 - as above
    """Look through what only puts a folder before each path: links are seen below it alone."""
    while type(fs).__module__ == _DIR:
        fs, root = fs.fs, fs._join(root)  # noqa: SLF001 - what it does with each path
    return fs, root
