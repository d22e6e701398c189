"""The plain code in which breakages of keyed resources are planted: it isolates by itself."""

import errno
import os
import shutil
from collections.abc import Callable, Hashable, Sequence
from os.path import realpath
from pathlib import Path
from typing import IO, Any

from ..base.refusals import ScopeError
from ..scoped.local_folder import POSSIBLE
from ..scoped.user_ids import check_id
from ..targets.back_ends.folder import PREFIX, Place
from ..targets.back_ends.mapping import Expiring
from ..targets.keyed_target import MakeResource


class Inside(type(Path())):  # type: ignore[misc]  # PosixPath or WindowsPath: which one hangs on the system
    """A path that is opened, made and removed below a folder of the harness's own alone: a defect harms nobody else.

    Elsewhere it raises PermissionError, as a container would.
    """

    def open(self, *options: Any, **named: Any) -> Any:  # noqa: ANN401 - as Path does
        """Open the file."""
        return super(Inside, self._inside()).open(*options, **named)

    def mkdir(self, *options: Any, **named: Any) -> None:  # noqa: ANN401 - as Path does
        """Make the folder."""
        super(Inside, self._inside()).mkdir(*options, **named)

    def unlink(self, *options: Any, **named: Any) -> None:  # noqa: ANN401 - as Path does
        """Remove the file."""
        super(Inside, self._inside()).unlink(*options, **named)

    def rename(self, target: Any) -> Any:  # noqa: ANN401 - as Path does
        """Rename the file."""
        Inside(target)._inside()  # noqa: SLF001 - our own
        return super(Inside, self._inside()).rename(target)

    def _inside(self) -> "Inside":
        if not any(part.startswith(PREFIX) for part in Path(realpath(self)).parent.parts):
            msg = "outside of what the harness has made"
            raise PermissionError(msg)
        return self


def opened(path: Path, mode: str) -> IO[Any]:
    """Open the file, each folder from the one before it: no link that has come there since it was looked at.

    Raises ScopeError for one. So it is where the system opens anything from an opened folder.
    """
    *folders, name = Inside(path)._inside().parts  # noqa: SLF001 - our own
    ours = next(place for place, part in enumerate(folders) if part.startswith(PREFIX)) + 1

    def opener(whole: str, flags: int) -> int:
        if not POSSIBLE:
            return os.open(whole, flags, 0o666)
        folder = os.open(Path(*folders[:ours]), os.O_RDONLY)
        try:
            for part in folders[ours:]:
                folder, before = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder), folder
                os.close(before)
            return os.open(name, flags | os.O_NOFOLLOW, 0o666, dir_fd=folder)
        finally:
            os.close(folder)

    try:
        return open(path, mode, opener=opener)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            msg = "a link has taken the place of a file or a folder"
            raise ScopeError(msg) from None
        raise


class UncheckedFiles:
    """One user's files under a root that all users share. A breakage replaces one of its methods.

    `root_of` chooses the user's folder, `path` the file of a key; `may_use` tells whether a path is the user's.
    """

    def __init__(self, place: Place, user_id: str) -> None:
        """Bind the user."""
        self.place: Path = Inside(place.root)
        self.user_id = user_id
        self.root = self.root_of()

    def root_of(self) -> Path:
        """Return the user's folder; raises ScopeError for an id that names another one."""
        if not self.user_id.strip("."):
            msg = "an id of dots alone is no name of a folder"
            raise ScopeError(msg)
        return self.place / self.user_id

    def path(self, key: str) -> Path:
        """Return the file of a key; raises ScopeError for one that leads out of the user's folder."""
        if any(part in ("", ".", "..") for part in key.split("/")) or "\\" in key or "\x00" in key:
            msg = "a key is a relative path without . or .., backslash or NUL"
            raise ScopeError(msg)
        found = (self.root / key).resolve()
        if not self.may_use(found):
            msg = "a key leads out of its user's folder"
            raise ScopeError(msg)
        return found

    def may_use(self, path: Path) -> bool:
        """Tell whether a resolved path lies in the user's folder."""
        return path.is_relative_to(self.root.resolve())

    def put(self, key: str, value: str) -> None:
        """Write a file, whole or not at all."""
        data, path = value.encode(), self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with opened(path, "wb") as file:
            file.write(data)

    def get(self, key: str) -> str:
        """Read a file; raises KeyError where there is none."""
        path = self.path(key)
        if not path.is_file():
            raise KeyError(key)
        with opened(path, "r") as file:
            text: str = file.read()
        return text

    def list(self, prefix: str = "") -> list[str]:
        """List the user's keys that begin with the prefix."""
        found = (file.relative_to(self.root).as_posix() for file in self.root.rglob("*") if file.is_file())
        return sorted(key for key in found if key.startswith(prefix))

    def delete(self, key: str) -> None:
        """Remove a file; raises KeyError where there is none."""
        path = self.path(key)
        if not path.is_file():
            raise KeyError(key)
        path.unlink()

    def copy(self, source: str, target: str) -> None:
        """Copy a file to another key."""
        self.put(target, self.get(source))

    def move(self, source: str, target: str) -> None:
        """Copy a file to another key and remove it."""
        self.copy(source, target)
        self.delete(source)

    def clear(self) -> None:
        """Remove all files of the user."""
        shutil.rmtree(self.root, ignore_errors=True)


class UncheckedCache:
    """One user's values in a mapping that all users share. A breakage replaces one of its methods.

    `key_of` makes the shared key of a user's own, `own` tells a user's keys among all.
    """

    def __init__(self, place: Expiring, user_id: str) -> None:
        """Bind the user."""
        self.place = place
        self.user_id = user_id

    def key_of(self, key: str) -> Hashable:
        """Return the key in the mapping."""
        return self.user_id, key

    def own(self) -> "Sequence[tuple[Hashable, str]]":
        """Return the user's keys as they are in the mapping, each with how the user calls it."""
        return [(found, found[1]) for found in self.place if found[0] == self.user_id]

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        """Put a value for so many seconds, or for good."""
        self.place.put(self.key_of(key), value, ttl)

    def get(self, key: str) -> Any:  # noqa: ANN401 - a breakage may answer with what it finds
        """Return a value; raises KeyError where there is none."""
        return self.place[self.key_of(key)]

    def list(self, prefix: str = "") -> "list[str]":
        """List the user's keys that begin with the prefix."""
        return [key for _, key in self.own() if key.startswith(prefix)]

    def delete(self, key: str) -> None:
        """Remove a value; raises KeyError where there is none."""
        del self.place[self.key_of(key)]

    def clear(self) -> Any:  # noqa: ANN401 - as get
        """Remove all values of the user."""
        for found, _ in self.own():
            del self.place[found]


def bind_resource(place: Any, kind: Callable[[Any, str], Any], *, checked: bool = True) -> MakeResource:  # noqa: ANN401 - a back end's own object
    """Return a make_resource that binds each user in this kind of resource; ids are `checked` as ScopedMemory does."""

    def make_resource(user_id: Any) -> Any:  # noqa: ANN401 - as above
        return kind(place, check_id(user_id, "user_id") if checked else user_id)

    return make_resource
