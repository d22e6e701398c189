"""Where reports go: what cannot be written is refused before the work, not after it."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..base.errors import HarnessError, UnknownNameError


def check_reports(paths: Iterable[Path] | None, suffixes: tuple[str, ...]) -> list[Path]:
    """Return the paths; raises UnknownNameError for another suffix, HarnessError where one cannot be written."""
    found = list(paths or ())
    for path in found:
        if not path.suffix and f".{path.name}" in suffixes:
            msg = f"{path} names no file: write the whole name, such as report.{path.name}"
            raise HarnessError(msg)
        if path.suffix not in suffixes:
            raise UnknownNameError(path.suffix or path.name, kind="report suffix", choices=suffixes)
        if not path.absolute().parent.is_dir() or path.is_dir() or not os.access(path.absolute().parent, os.W_OK):
            msg = f"cannot write a report to {path}: its folder does not exist or is not writable"
            raise HarnessError(msg)
    return found


def check_folder(path: Path | None) -> Path | None:
    """Return the folder, which is made where there is none; raises HarnessError where nothing can be written to it."""
    if path is None:
        return None
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"cannot make the folder {path}: {error.strerror}"
        raise HarnessError(msg) from error
    if not os.access(path, os.W_OK):
        msg = f"cannot write to the folder {path}"
        raise HarnessError(msg)
    return path


def check_new(path: Path) -> Path:
    """Return the path; raises HarnessError where something is there, which may be somebody's work."""
    if path.exists():
        msg = f"{path} is there already; name another file, or remove it"
        raise HarnessError(msg)
    if not path.absolute().parent.is_dir():
        msg = f"cannot write to {path}: its folder does not exist"
        raise HarnessError(msg)
    return path


def put(path: Path, text: str) -> None:
    """Write a file whole or not at all: beside it first, then in its place; a full disk leaves no part of one."""
    # Where the path is a link, what it points to is replaced.
    whole = path.resolve()
    if whole.exists() and not whole.is_file():
        # A device has no place to be taken.
        whole.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        return
    beside = whole.with_name(f".{whole.name}.{os.getpid()}.part")
    try:
        # A lone surrogate in a stranger's text is no reason to write nothing.
        beside.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        beside.replace(whole)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tell what goes wrong with writing in one line: raises HarnessError."""
    try:
        yield
    except OSError as error:
        msg = f"the report {path} could not be written: {error.strerror}"
        raise HarnessError(msg) from error
