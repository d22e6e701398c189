"""Which user ids are safe in every store, and how to make one of any other id."""

import base64
import re
import unicodedata
from hashlib import blake2b

from ..base.refusals import ScopeError

MAX_LENGTH = 128
_MIN_KEY = 16
_SAFE = re.compile(r"[A-Za-z0-9._@:+\-]{1,128}").fullmatch
_UNSAFE = re.compile(r"[^A-Za-z0-9._@:+\-]")
_WAY_OUT = "make a safe id of it with memfence.opaque_user_id(raw, key=...)"


def check_id(value: object, name: str) -> str:
    """Return the id where it is safe in every store: letters, digits and `._@:+-`, 1 to 128 of them.

    Stores give other characters a meaning: `*` is a wildcard in mem0, blanks are stripped, quotes and braces
    end a filter expression. Raises TypeError for anything but a str, ScopeError for other characters.
    """
    if type(value) is str and _SAFE(value):
        return value
    if not isinstance(value, str):
        msg = f"{name} must be a str, got {type(value).__name__}: 7 and '7' would be one tenant in mem0"
        raise TypeError(msg)
    # A subclass of str may claim another length or truth than it holds, or answer differently the next time.
    value = str.__str__(value)
    if not value:
        msg = f"{name} is empty: a call without an id reaches every tenant"
        raise ScopeError(msg)
    found = _UNSAFE.search(value)
    if found is not None:
        character = found.group()
        title = unicodedata.name(character, "unnamed")
        msg = (
            f"{name} holds {character!a} (U+{ord(character):04X} {title}) at position {found.start()}, "
            f"to which a store may give a meaning; {_WAY_OUT}"
        )
        raise ScopeError(msg)
    if len(value) > MAX_LENGTH:
        msg = f"{name} has {len(value)} characters, at most {MAX_LENGTH} are kept whole by every store; {_WAY_OUT}"
        raise ScopeError(msg)
    return value


def refuse_upper_case(value: str, name: str) -> None:
    """Raise ScopeError where a store that folds case would make one tenant of two."""
    if value != value.lower():
        msg = f"{name} has upper-case letters and this store folds case: {value.lower()!r} is the same; {_WAY_OUT}"
        raise ScopeError(msg)


def refuse_punctuation(value: str, name: str) -> None:
    """Raise ScopeError where a store that compares word by word would make one tenant of `a.b` and `a-b`."""
    if not value.isalnum():
        msg = f"{name} has punctuation and this store compares ids word by word, without it; {_WAY_OUT}"
        raise ScopeError(msg)


def opaque_user_id(raw: str, *, key: bytes | str) -> str:
    """Return a keyed hash of any id, as 27 lower-case letters and digits that every store keeps apart.

    The same `raw` and `key` give the same id. `key` is 16 to 64 bytes; keep it secret and for ever: with another
    key every user starts anew. Raises TypeError where `raw` is no str or `key` neither bytes nor str, ScopeError
    where `raw` is empty, ValueError for a key of another length.
    """
    if not isinstance(raw, str):
        msg = f"raw must be a str, got {type(raw).__name__}; say str(raw) if 7 and '7' are the same user to you"
        raise TypeError(msg)
    if not raw:
        msg = "raw is empty: everybody without an id would share one tenant"
        raise ScopeError(msg)
    if not isinstance(key, (bytes, str)):
        msg = f"key must be bytes or str, got {type(key).__name__}; is the variable that holds it set?"
        raise TypeError(msg)
    secret = key.encode() if isinstance(key, str) else key
    if not _MIN_KEY <= len(secret) <= blake2b.MAX_KEY_SIZE:
        msg = f"key must have {_MIN_KEY} to {blake2b.MAX_KEY_SIZE} bytes, got {len(secret)}"
        raise ValueError(msg)
    # surrogatepass: an id with a lone surrogate is still an id, and a distinct one.
    digest = blake2b(raw.encode("utf-8", "surrogatepass"), digest_size=16, key=secret).digest()
    return "u" + base64.b32encode(digest).decode().rstrip("=").lower()
