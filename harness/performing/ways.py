"""The way from a user's own folder to another's file, measured where a target keeps its files."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from os.path import relpath
from pathlib import Path
from typing import Any

from ..model.tenants import Fact
from .linking import folders
from .sweeping import Attempt


class Ways:
    """Measures ways in the storage of one target; a way that was found once is kept, for its end may be deleted."""

    def __init__(self, declared: Callable[[], Any]) -> None:
        """Take what returns the storage, as `storage()` gives it."""
        self._declared = declared
        self._known: dict[tuple[int, str, str], tuple[str, str]] = {}

    def between(self, own: Sequence[Attempt], other: Attempt) -> tuple[str, str] | None:
        """Return the relative path from the folder of whoever has stored `own` to another's file, and its absolute one.

        None where `storage()` shows no file of one of them. It raises what the target raises.
        """
        key = (own[0].tenant.index if own else -1, other.key, other.fact.canary)
        if key not in self._known:
            found = measured(self._declared(), own, other)
            if found is None:
                return None
            self._known[key] = found
        return self._known[key]


def measured(declared: Any, own: Iterable[Attempt], other: Attempt) -> tuple[str, str] | None:  # noqa: ANN401 - a stranger's reply
    """Return the two paths as `Ways.between` does, in what `storage()` gave."""
    files = [file for folder in folders(declared) for file in sorted(folder.rglob("*")) if file.is_file()]
    there = _holding(files, other.fact)
    roots = ((attempt, _holding(files, attempt.fact)) for attempt in own)
    root = next((_root(file, attempt.key) for attempt, file in roots if file is not None), None)
    if there is None or root is None:
        return None
    return Path(relpath(there, root)).as_posix(), there.as_posix()


def _holding(files: Sequence[Path], fact: Fact) -> Path | None:
    """Return the file whose name holds one of the fact's marks, or else the one that holds it itself."""
    return next(_named(files, fact), None)


def _named(files: Sequence[Path], fact: Fact) -> Iterator[Path]:
    yield from (file for file in files if fact.stands_in(file.name))
    yield from (file for file in files if fact.stands_in(file.read_text(encoding="utf-8", errors="replace")))


def _root(file: Path, key: str) -> Path:
    """Return the folder to which the key is joined; the file's own where its name is another."""
    whole = file.as_posix()
    return Path(whole.removesuffix(f"/{key}")) if key and whole.endswith(f"/{key}") else file.parent
