"""Where reports go: what cannot be written is refused before the work, not after it."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import HarnessError, UnknownNameError


def check_reports(paths: Iterable[Path] | None, suffixes: tuple[str, ...]) -> list[Path]:
    """Return the paths; raises UnknownNameError for another suffix, HarnessError where one cannot be written."""
    found = list(paths or ())
    for path in found:
        if path.suffix not in suffixes:
            raise UnknownNameError(path.suffix or path.name, kind="report suffix", choices=suffixes)
        if not path.absolute().parent.is_dir() or path.is_dir() or not os.access(path.absolute().parent, os.W_OK):
            msg = f"cannot write a report to {path}: its folder does not exist or is not writable"
            raise HarnessError(msg)
    return found


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tell what goes wrong with writing in one line: raises HarnessError."""
    try:
        yield
    except OSError as error:
        msg = f"the report {path} could not be written: {error.strerror}"
        raise HarnessError(msg) from error
