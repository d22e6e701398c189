"""Words of a shell, and the variables in them."""

import re
from shlex import quote

# A variable, as it passes through what escapes texts for paths and bodies.
_MARK = re.compile(r"(?:\x01|%01|\\u0001)(?:\$|%24)([\w.-]+)(?:\x02|%02|\\u0002)")


def variable(name: str) -> str:
    """Return what stands for a shell's variable until the line is written."""
    return f"\x01${name}\x02"


def word(text: str) -> str:
    """Return a text as a word of a shell's, variables in double quotes."""
    parts = _MARK.split(text)
    written = [f'"${part}"' if at % 2 else _quoted(part) for at, part in enumerate(parts) if part]
    return "".join(written) or "''"


def _quoted(text: str) -> str:
    """Return a text in quotes, on one line: a report's line ends with it."""
    if "\n" not in text:
        return quote(text)
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\r", "\\r").replace("\n", "\\n")
    return f"$'{escaped}'"
