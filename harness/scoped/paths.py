"""A caller's key as a relative path: what every place reads as one and the same path below the user's folder.

Raises ScopeError, before anything is called, for what some place reads as another path: a way up or to the root
(`..`, `/a`, `C:`, `memory://`), also in percent-encoding; an empty segment; a backslash, each of `:*?"<>|`; a control
character; a dot or a blank at the end of a segment; a name that Windows keeps for a device; a segment of more than 255
bytes. Raises TypeError for what is no str. No message repeats the key.
"""

import re
import unicodedata
from typing import NoReturn

from ..base.refusals import ScopeError

_SEGMENT_BYTES = 255
# Many keys are like this, and need no further look but at their ends.
_is_simple = re.compile(
    r"[a-z0-9_-]{1,60}(?:\.[a-z0-9_-]{1,20})?(?:/[a-z0-9_-]{1,60}(?:\.[a-z0-9_-]{1,20})?)*"
).fullmatch
_unsafe = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff\\:*?"<>|]').search
# A dot, a slash, a backslash, a colon, a control character, another percent sign, or what was once read as a slash.
_encoded = re.compile(r"%(?:2[ef5]|5c|3a|[01][0-9a-f]|7f|c[01])", re.IGNORECASE).search
_is_device = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE | re.DOTALL).fullmatch


def check_key(value: object, name: str = "key") -> str:
    """Return the key, such as `notes/today.md`, where it is one path below a folder on every system."""
    if not isinstance(value, str):
        msg = f"{name} must be a str such as 'notes/today.md', got {type(value).__name__}"
        raise TypeError(msg)
    # A subclass may answer differently the next time.
    key = str.__str__(value)
    if not (_is_simple(key) and not _has_device(key)):
        _look(key, name)
    return key


def check_prefix(value: object) -> str:
    """Return the prefix without a slash at its end; "" is everything."""
    if isinstance(value, str):
        plain = str.__str__(value)
        if not plain:
            return ""
        # Of "/" a slash is left, and refused.
        value = plain.removesuffix("/") or plain
    return check_key(value, "prefix")


def under(key: str, prefix: str) -> bool:
    """Tell whether the key is the prefix or lies below it, segment by segment: `acme-corp` is not below `acme`."""
    return not prefix or key == prefix or key.startswith(f"{prefix}/")


def _look(key: str, name: str) -> None:
    found = _unsafe(key)
    if found is not None:
        sign = found.group()
        named = f"{sign!a} (U+{ord(sign):04X} {unicodedata.name(sign, 'unnamed')})"
        _refuse(name, f"holds {named} at position {found.start()}, to which some system gives a meaning")
    found = _encoded(key)
    if found is not None:
        _refuse(name, f"holds {found.group()!r}, which some system decodes")
    # Some systems fold what looks like a dot or a slash to one.
    folded = unicodedata.normalize("NFKC", key)
    if folded.count("/") != key.count("/") or "\\" in folded:
        _refuse(name, "holds a sign that some system takes for a slash")
    for segment, as_read in zip(key.split("/"), folded.split("/"), strict=True):
        if not segment:
            _refuse(name, "has an empty segment; begin and end without a slash")
        if as_read in {".", ".."}:
            _refuse(name, f"has the segment {segment!a}, which leads elsewhere")
        if segment[-1] in ". ":
            _refuse(name, "has a segment that ends with a dot or a blank, which some system cuts off")
        if len(segment.encode()) > _SEGMENT_BYTES:
            _refuse(name, f"has a segment of more than {_SEGMENT_BYTES} bytes")
        if _is_device(as_read):
            _refuse(name, f"has the segment {segment!a}, which is a device on Windows")


def _has_device(key: str) -> bool:
    return any(map(_is_device, key.split("/")))


def _refuse(name: str, why: str) -> NoReturn:
    # Without the key: it may be made of somebody else's id.
    msg = (
        f"{name} {why}; give a path below the user's folder such as 'notes/today.md': of a name from outside, "
        "raw.encode().hex() makes one"
    )
    raise ScopeError(msg)
