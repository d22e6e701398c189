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


def plant_link_before_opening(declared: Any, key: str, to: str, opening: int = 1) -> None:  # noqa: ANN401 - as above
    """Put such a link there just before this process opens the file for the first time from now on, or the second.

    Whoever has looked at the file before opens something else. Raises as `plant_link` does.
    """
    link = _Link(*_both(declared, key, to), left=opening)
    link.is_possible()
    _waiting()[link.own.name] = link


def let_be() -> None:
    """Plant none of the links that still wait for a file to be opened."""
    _waiting().clear()


def folders(declared: Any) -> Iterator[Path]:  # noqa: ANN401 - a stranger's reply
    """Yield the folders among the places that a target declares as its storage."""
    for _, content in declared.items() if isinstance(declared, dict) else declared:
        if isinstance(content, (str, Path)) and Path(content).is_dir():
            yield Path(content)


def _both(declared: Any, key: str, to: str) -> tuple[Path, Path]:  # noqa: ANN401 - as above
    files = [file for folder in folders(declared) for file in folder.rglob("*") if file.is_file()]
    return _named(files, key), _named(files, to)


def _named(files: list[Path], key: str) -> Path:
    found = [file for file in files if file.as_posix().endswith(f"/{key}")]
    if len(found) == 1:
        return found[0]
    msg = f"{len(found)} files of storage() are called {key}, so no link is planted"
    raise LookupError(msg)


@dataclass(slots=True)
class _Link:
    """A link that waits: it takes the place of `own` before the opening that is left."""

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
            # In one step: there is always something under this name.
            spare.replace(self.own)

    def _spare(self) -> Path:
        return self.own.with_name(f".{self.own.name}.link")


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
