"""A symbolic link, planted where a target keeps its files: whoever may unpack an archive there can do the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any


def plant_link(declared: Any, key: str, to: str) -> None:  # noqa: ANN401 - a stranger's reply
    """Put a symbolic link in place of the file that lies under `key`; it leads to the one that lies under `to`.

    `declared` are pairs of a place and a folder, as `storage()` gives them. Raises LookupError where no file of that
    name lies there, OSError where no link can be made.
    """
    files = [file for folder in folders(declared) for file in folder.rglob("*") if file.is_file()]
    own, other = (_named(files, key), _named(files, to))
    own.unlink()
    own.symlink_to(other)


def folders(declared: Any) -> Iterator[Path]:  # noqa: ANN401 - a stranger's reply
    """Yield the folders among the places that a target declares as its storage."""
    for _, content in declared.items() if isinstance(declared, dict) else declared:
        if isinstance(content, (str, Path)) and Path(content).is_dir():
            yield Path(content)


def _named(files: list[Path], key: str) -> Path:
    found = [file for file in files if file.as_posix().endswith(f"/{key}")]
    if len(found) == 1:
        return found[0]
    msg = f"{len(found)} files of storage() are called {key}, so no link is planted"
    raise LookupError(msg)
