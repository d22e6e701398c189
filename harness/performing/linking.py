"""A symbolic link, planted where a target keeps its files: whoever may unpack an archive there can do the same."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


def plant_link(declared: Any, key: str, to: str) -> None:  # noqa: ANN401 - a stranger's reply
    """Put a symbolic link in place of the file that lies under `key`; it leads to the one that lies under `to`.

    `declared` are pairs of a place and a folder, as `storage()` gives them. Raises LookupError where no file of that
    name lies there, OSError where no link can be made.
    """
    own, other = _both(declared, key, to)
    own.unlink()
    own.symlink_to(other)


def plant_link_before_opening(
    declared: Any,  # noqa: ANN401 - as above
    key: str,
    to: str,
    opening: int = 1,
    *,
    folder: bool = False,
) -> None:
    """Put such a link there just before this process opens the file for the first time from now on, or the second.

    Whoever has looked at the file before opens something else. As a `folder` the link takes the place of the one in
    which the file lies, and leads to that of the other, in which a file of the same name lies. Raises as `plant_link`.
    """
    own, other = _both(declared, key, to, apart=folder)
    link = _Link(own.parent, other.parent, opening) if folder else _Link(own, other, opening)
    link.is_possible()
    _waiting()[own.name] = link


def let_be() -> None:
    """Plant none of the links that still wait for a file to be opened; a folder that gave way comes back."""
    waiting = _waiting()
    for link in waiting.values():
        link.undo()
    waiting.clear()


def folders(declared: Any) -> Iterator[Path]:  # noqa: ANN401 - a stranger's reply
    """Yield the folders among the places that a target declares as its storage."""
    for _, content in declared.items() if isinstance(declared, dict) else declared:
        if isinstance(content, (str, Path)) and Path(content).is_dir():
            yield Path(content)


def _both(declared: Any, key: str, to: str, *, apart: bool = False) -> tuple[Path, Path]:  # noqa: ANN401 - as above
    files = [file for folder in folders(declared) for file in folder.rglob("*")]
    other = _named(files, to)
    return _named([file for file in files if file.parent != other.parent] if apart else files, key), other


def _named(files: list[Path], key: str) -> Path:
    found = [file for file in files if file.as_posix().endswith(f"/{key}") and file.is_file()]
    if len(found) == 1:
        return found[0]
    msg = f"{len(found)} files of storage() are called {key}, so no link is planted"
    raise LookupError(msg)


@dataclass(slots=True)
class _Link:
    """A link that waits: it takes the place of `own`, a file or a folder, before the opening that is left."""

    own: Path
    other: Path
    left: int

    def is_possible(self) -> None:
        """Raise OSError where no link can be made."""
        spare = self._spare()
        spare.symlink_to(self.other)
        spare.unlink()

    def opening(self) -> None:
        """Take note that the file is about to be opened."""
        self.left -= 1
        if self.left == 0:
            spare = self._spare()
            spare.symlink_to(self.other)
            if self.own.is_dir():
                self.own.rename(self._aside())
            # In one step: a file's name is never free.
            spare.replace(self.own)

    def undo(self) -> None:
        """Put a folder that gave way in its place again."""
        with suppress(OSError):
            if self._aside().is_dir():
                self.own.unlink()
                self._aside().rename(self.own)

    def _spare(self) -> Path:
        return self.own.with_name(f".{self.own.name}.link")

    def _aside(self) -> Path:
        return self.own.with_name(f".{self.own.name}.aside")


@cache
def _waiting() -> dict[str, _Link]:
    """Return the links that wait, by the names of their files.

    Python takes no such hook back, so there is one for the whole process, and it does nothing while none waits.
    """
    waiting: dict[str, _Link] = {}

    def before(event: str, arguments: tuple[Any, ...]) -> None:
        if not waiting or event != "open" or not isinstance(arguments[0], (str, bytes)):
            return
        link = waiting.get(os.path.basename(os.fsdecode(arguments[0])))  # noqa: PTH119 - it is what `open` was given
        if link is not None:
            # What is raised here would be raised by the target's own `open`.
            with suppress(OSError):
                link.opening()

    sys.addaudithook(before)
    return waiting
