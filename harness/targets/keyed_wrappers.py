"""What stands between a user and a keyed resource: the plain code that most would write, and ours."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .back_ends.folder import Place
from .back_ends.mapping import Expiring


class PlainFiles:
    """Files as a careful colleague writes them: joined paths, and a check that they begin with the user's folder."""

    def __init__(self, root: str, user_id: str) -> None:
        """Bind the user."""
        self.root = os.path.join(root, user_id)  # noqa: PTH118 - as most write it
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


class PlainCache:
    """A cache as a careful colleague writes it: the user's id, a colon, the key."""

    def __init__(self, cache: Expiring, user_id: str) -> None:
        """Bind the user."""
        self._cache = cache
        self._user_id = user_id

    def put(self, key: str, value: str, ttl: float | None = None) -> None:
        """Put a value."""
        self._cache.put(f"{self._user_id}:{key}", value, ttl)

    def get(self, key: str) -> Any:  # noqa: ANN401 - what was put
        """Return a value, or None."""
        return self._cache.get(f"{self._user_id}:{key}")

    def list(self, prefix: str = "") -> list[str]:
        """List the keys that begin with the prefix."""
        start = f"{self._user_id}:"
        return [key.removeprefix(start) for key in self._cache if key.startswith(start + prefix)]

    def delete(self, key: str) -> None:
        """Remove a value."""
        self._cache.pop(f"{self._user_id}:{key}", None)

    def clear(self) -> None:
        """Remove all values of the user."""
        for key in self.list():
            self.delete(key)


def plain_files(place: Place) -> Callable[..., PlainFiles]:
    """Return what makes a user's files."""
    return lambda user_id: PlainFiles(place.root, user_id)


def plain_cache(place: Expiring) -> Callable[..., PlainCache]:
    """Return what makes a user's cache."""
    return lambda user_id: PlainCache(place, user_id)


scoped_files, scoped_cache = plain_files, plain_cache
