"""Made-up names that say whose fact they stand in, as canary codes do: `Rotavilakux Sumodanifox`.

What extracts facts may drop a code, and keeps a name, for the name is what the fact is about. A name is the 60 bits of
the fact's code in two parts. A part is five syllables, each one of 16 consonants and one of 4 vowels, and an `x`: no
word and no real name that we know has this shape. A name that is damaged or halved is nobody's.
"""

import re
from collections.abc import Iterator

from .canaries import CanaryCodec

_CONSONANTS, _VOWELS, _END = "bdfghjklmnprstvz", "aiou", "x"
_SYLLABLES = tuple(consonant + vowel for consonant in _CONSONANTS for vowel in _VOWELS)
_NUMBERS = {syllable: number for number, syllable in enumerate(_SYLLABLES)}
_LETTERS, _BITS = 10, 30

# Between the parts; with a comma they stand as in a directory, the second one first.
_JOINT = r",?\s{1,8}|[-_+\u2010\u2011\u2013]|\\n"
_PART = f"[{_CONSONANTS}{_CONSONANTS.upper()}][{_VOWELS}{_VOWELS.upper()}]" * 5
# It begins with what ends a part: that is rare, so most of a text is never looked at. The second part is looked at and
# not taken, for it may be the first of the next name.
_NAME = re.compile(rf"[xX](?<={_PART}[xX])({_JOINT})(?={_PART}[xX](?![^\W_]))")
_ESCAPED = ("\\n", "\\r", "\\t")


class NameCodec:
    """Writes and reads the names of one campaign."""

    __slots__ = ("_codec",)

    def __init__(self, codec: CanaryCodec) -> None:
        """Take what seals the campaign's codes: the names of another campaign do not decode."""
        self._codec = codec

    def encode(self, tenant: int, fact: int) -> str:
        """Return the name of a tenant's fact; raises ValueError as the codes do."""
        return written(self._codec.sealed(tenant, fact))

    def decode(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield (tenant, fact, the name as it stands in `text`) for each name, in order."""
        for value, name in values(text):
            said = self._codec.unsealed(value)
            if said is not None:
                yield *said, name


def written(value: int) -> str:
    """Return the name that says these 60 bits."""
    return f"{_part(value >> _BITS)} {_part(value)}"


def _part(bits: int) -> str:
    table = _SYLLABLES
    start = table[bits >> 24 & 63].capitalize()
    return f"{start}{table[bits >> 18 & 63]}{table[bits >> 12 & 63]}{table[bits >> 6 & 63]}{table[bits & 63]}{_END}"


def values(text: str) -> list[tuple[int, str]]:
    """Return the 60 bits of what has the shape of a name, each with its words as they stand in the text, in order."""
    found: list[tuple[int, str]] = []
    if _END not in text and _END.upper() not in text:
        # Quicker than any search: most texts without a name end here.
        return found
    for match in _NAME.finditer(text):
        start, end = match.start() - _LETTERS, match.end() + _LETTERS + 1
        if start and text[start - 1].isalnum() and text[max(0, start - 2) : start] not in _ESCAPED:
            continue
        words = text[start:end]
        low = words.lower()
        first, second = _number(low[:_LETTERS]), _number(low[-1 - _LETTERS : -1])
        found.append((second << _BITS | first if "," in match[1] else first << _BITS | second, words))
    return found


def _number(part: str) -> int:
    of = _NUMBERS
    return of[part[:2]] << 24 | of[part[2:4]] << 18 | of[part[4:6]] << 12 | of[part[6:8]] << 6 | of[part[8:]]
