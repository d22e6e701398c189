"""Canary codes: twelve characters that say whose fact they stand in.

A code is 60 bits in Crockford's base 32, written `7QK2-M9XD-04TV`: 27 bits of tenant index and 10 bits of
fact number, masked, then a keyed check of 23 bits. Any text is attributed by decoding, with nothing kept per
tenant; a damaged code does not decode.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

TENANTS = 1 << 27
FACTS = 1 << 10

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(a + b for a in _ALPHABET for b in _ALPHABET)
_CHECK_BITS = 23
_CHECK = (1 << _CHECK_BITS) - 1
_PAYLOAD = (1 << 37) - 1
# An odd multiplier spreads the check over the payload, so that neighbours' codes share no prefix.
_SPREAD = 0x9E3779B97F4A7C15

# Python's int() reads base 32 as 0-9a-v; Crockford leaves out I, L, O and U.
_TO_PYTHON = str.maketrans(_ALPHABET + _ALPHABET.lower(), "0123456789abcdefghijklmnopqrstuv" * 2)
_GROUP = "([0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{4})"
_JOINT = "[-\u2010\u2011\u2013_ ]?"
# A look-ahead, so that a word of four letters before a code cannot swallow its first group.
_CODE = re.compile(f"(?={_GROUP}{_JOINT}{_GROUP}{_JOINT}{_GROUP})")

# From so many characters on a text is read line by line.
_LONG = 1000

# A code as it is written, whole; without a digit it is three words of somebody's, without a letter a number.
_WRITTEN = re.compile(r"(?<![\w-])(?=[A-Za-z-]*\d)(?=[\d-]*[A-Za-z])(?:[0-9A-Za-z]{4}-){2}[0-9A-Za-z]{4}(?![\w-])")


def written_codes(text: str) -> list[str]:
    """Return what stands in the text in the shape of a code, whether or not it is one."""
    return _WRITTEN.findall(text)


class CanaryCodec:
    """Writes and reads the codes of one campaign."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        """Take the campaign's `key`, 1 to 64 bytes: the codes of another campaign do not decode."""
        if not 1 <= len(key) <= blake2b.MAX_KEY_SIZE:
            msg = f"a campaign's key has 1 to {blake2b.MAX_KEY_SIZE} bytes, got {len(key)}"
            raise ValueError(msg)
        self._key = key

    def encode(self, tenant: int, fact: int) -> str:
        """Return the code of fact number `fact` of the tenant with index `tenant`; raises ValueError as `sealed`."""
        return written(self.sealed(tenant, fact))

    def sealed(self, tenant: int, fact: int) -> int:
        """Return the 60 bits that a code says; raises ValueError past 2**27 tenants or 2**10 facts."""
        if not (0 <= tenant < TENANTS and 0 <= fact < FACTS):
            msg = f"a canary holds a tenant below {TENANTS} and a fact below {FACTS}, got tenant={tenant}, fact={fact}"
            raise ValueError(msg)
        payload = tenant << 10 | fact
        check = self._check(payload)
        return (payload ^ _mask(check)) << _CHECK_BITS | check

    def decode(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield (tenant, fact, the code as it stands in `text`) for each code, in order."""
        for value, code in values(text):
            said = self.unsealed(value)
            if said is not None:
                yield *said, code

    def unsealed(self, value: int) -> tuple[int, int] | None:
        """Return the tenant and the fact that 60 bits say, None where the check does not hold."""
        check = value & _CHECK
        payload = value >> _CHECK_BITS ^ _mask(check)
        return (payload >> 10, payload & 1023) if self._check(payload) == check else None

    def _check(self, payload: int) -> int:
        digest = blake2b(payload.to_bytes(5, "big"), digest_size=3, key=self._key).digest()
        return int.from_bytes(digest, "big") & _CHECK


def _mask(check: int) -> int:
    return (check * _SPREAD >> 16) & _PAYLOAD


def written(value: int) -> str:
    """Return the code that says these 60 bits."""
    return (
        f"{_PAIRS[value >> 50]}{_PAIRS[value >> 40 & 1023]}-"
        f"{_PAIRS[value >> 30 & 1023]}{_PAIRS[value >> 20 & 1023]}-"
        f"{_PAIRS[value >> 10 & 1023]}{_PAIRS[value & 1023]}"
    )


def values(text: str) -> list[tuple[int, str]]:
    """Return the 60 bits of what has the shape of a code, each with the code as it stands in the text, in order."""
    if len(text) < _LONG:
        return _values(text)
    # A prompt is thousands of words that are the same each time, and a few that are new; no code goes across lines.
    lines = text.split("\n")
    return [found for line in lines for found in (_values_of_line(line) if len(line) < _LONG else _values(line))]


@lru_cache(maxsize=1024)
def _values_of_line(line: str) -> list[tuple[int, str]]:
    return _values(line)


def _values(text: str) -> list[tuple[int, str]]:
    return [
        (int((first + second + third).translate(_TO_PYTHON), 32), f"{first}-{second}-{third}")
        for first, second, third in _CODE.findall(text)
    ]
