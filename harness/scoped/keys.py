"""A user's key in a place that several users share: a cache, a table, a folder; no two users have one in common.

Each function raises ScopeError or TypeError for a user id that ScopedMemory refuses too.
"""

import base64
import re
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any
from urllib.parse import quote, unquote

from .user_ids import check_id

# What is written as it is; all else is written as %XX, so that these signs have one meaning each: / , = ( ) [ ] { }
_is_plain = re.compile(r"[A-Za-z0-9_.\-~]*").fullmatch
_DEPTH = 20
_LONGEST_SEGMENT = 64
_needs_code = re.compile(r"[^a-z0-9]")


def scoped_key(user_id: str, *parts: object) -> str:
    """Return one key of this user for these parts, such as `alice/s:menu/i:7`; other arguments give another key.

    Types are told apart: `1`, `True`, `1.0`, `"1"`, `b"1"` and `None` are six keys. Parts are str, bytes, int, float,
    bool, None, and tuples, lists, sets and dicts of these. The key is printable ASCII without blanks, as long as its
    parts; compare it with regard to case. Raises TypeError for a part of another type, ValueError for one that is
    nested deeper than 20 levels.
    """
    return user_prefix(user_id) + "/".join([_written(part, f"part {n}") for n, part in enumerate(parts, start=1)])


def user_prefix(user_id: str) -> str:
    """Return how each key of this user begins, and no key of anybody else: `alice/`."""
    return check_id(user_id, "user_id") + "/"


def scoped_segment(user_id: str) -> str:
    """Return one name of a folder for this user: 2 to 64 of `a-z`, `0-9` and `-`, such as `ualice`.

    It stays what it is where a file system folds case or normalises Unicode, where `_` and `%` are wildcards, and where
    a dot is a separator. It is no name that Windows keeps for a device. An id that would give a longer name gets a hash
    of 256 bits.
    """
    checked = check_id(user_id, "user_id")
    written = "u" + _needs_code.sub(_code, checked)
    if len(written) <= _LONGEST_SEGMENT:
        return written
    digest = blake2b(checked.encode(), digest_size=32, person=b"memfence.segment").digest()
    return "h" + base64.b32encode(digest).decode().rstrip("=").lower()


def _code(found: re.Match[str]) -> str:
    # UUIDs have hyphens: they stay readable.
    return "--" if found.group() == "-" else f"-{ord(found.group()):02x}"


def _written(part: object, where: str, depth: int = 0) -> str:
    """Write a value so that no other is written so; a type has a letter, and a sign that means something is escaped."""
    # Exact types: a subclass may be equal to, or be written as, what it is not.
    write = _WRITERS.get(type(part))
    return _container(part, where, depth) if write is None else write(part)


def _container(part: Any, where: str, depth: int) -> str:  # noqa: ANN401 - each kind is looked at
    if depth >= _DEPTH:
        msg = f"{where} is nested deeper than {_DEPTH} levels, or holds itself"
        raise ValueError(msg)
    kind = type(part)
    if kind is tuple:
        return f"({_joined(part, where, depth)})"
    if kind is list:
        return f"[{_joined(part, where, depth)}]"
    if kind is set or kind is frozenset:
        return "{" + ",".join(sorted(_written(one, where, depth + 1) for one in part)) + "}"
    if kind is dict:
        pairs = [f"{_written(key, where, depth + 1)}={_written(part[key], where, depth + 1)}" for key in part]
        return "d{" + ",".join(sorted(pairs)) + "}"
    msg = (
        f"{where} is a {kind.__name__}, and no key can be made of that: give what tells it from others, such as its "
        "id or value.isoformat(), as str, bytes, int, float, bool, None, or a tuple, list, set or dict of these"
    )
    raise TypeError(msg)


def _joined(parts: Iterable[object], where: str, depth: int) -> str:
    return ",".join([_written(one, where, depth + 1) for one in parts])


def written_text(part: str) -> str:
    """Return how a text is written in a key, such as `s:a%2Fb`."""
    # surrogatepass: a lone surrogate is a character like others here.
    return "s:" + (part if _is_plain(part) else quote(part, safe="", errors="surrogatepass"))


def read_text(written: str) -> str:
    """Return the text that was written so."""
    return unquote(written.removeprefix("s:"), errors="surrogatepass")


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: written_text,
    int: "i:{!r}".format,
    float: "f:{!r}".format,
    bool: "b:{:d}".format,
    type(None): lambda _: "n:",
    bytes: lambda part: "y:" + quote(part, safe=""),
}
