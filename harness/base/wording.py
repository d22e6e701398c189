"""Strangers' texts on one printable line: what an error says must not look like what we say."""

import traceback
from collections.abc import Iterable
from pathlib import Path

from .masking import masked


def printable(text: str) -> str:
    """Return the text on one line: what a terminal would act on written as an escape, secrets masked."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "backslashreplace").decode()
        for character in masked(text)
    )


def in_one_line(error: BaseException, packages: frozenset[str]) -> str:
    """Return `ZeroDivisionError: division by zero (memory.py:12 in search)`; the place is the last one in `packages`.

    They are top-level names, such as the user's own; an error that never passed through there has no place.
    """
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - a stranger's __str__
        text = "(its text cannot be read)"
    where = ""
    if isinstance(error, SyntaxError):
        text, where = error.msg, f" ({Path(error.filename or '').name}:{error.lineno})"
    else:
        frames = [
            (frame.f_code.co_filename, line, frame.f_code.co_name)
            for frame, line in traceback.walk_tb(error.__traceback__)
            if str(frame.f_globals.get("__name__", "")).partition(".")[0] in packages
        ]
        if frames:
            file, line, function = frames[-1]
            inside = "" if function == "<module>" else f" in {function}"
            where = f" ({Path(file).name}:{line}{inside})"
    return printable(" ".join(f"{type(error).__name__}: {text}".split()) + where)


def either(names: Iterable[str]) -> str:
    """Return names of which one is enough, as in `a, b or c`."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
