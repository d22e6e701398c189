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
_PAIRS = tuple(one + other for one in _SYLLABLES for other in _SYLLABLES)
_FIRST = tuple(pair.capitalize() for pair in _PAIRS)
_LASTS = tuple(syllable + _END for syllable in _SYLLABLES)
_NUMBERS = {written: number for table in (_PAIRS, _SYLLABLES) for number, written in enumerate(table)}
_LETTERS, _BITS = 10, 30

# Between the parts; with a comma they stand as in a directory, the second one first.
_JOINT = r",?\s{1,8}|[-_+\u2010\u2011\u2013]|\\n"
# Looked for by what ends a part, which is rare: the letters before and behind are then read by the table. The second
# part is looked at and not taken, for it may be the first of the next name.
_ENDS = re.compile(rf"[xX]({_JOINT})(?=[a-zA-Z]{{{_LETTERS}}}[xX](?![^\W_]))")
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
    return (
        f"{_FIRST[value >> 48]}{_PAIRS[value >> 36 & 4095]}{_LASTS[value >> 30 & 63]} "
        f"{_FIRST[value >> 18 & 4095]}{_PAIRS[value >> 6 & 4095]}{_LASTS[value & 63]}"
    )


def values(text: str) -> list[tuple[int, str]]:
    """Return the 60 bits of what has the shape of a name, each with its words as they stand in the text, in order."""
    if _END not in text and _END.upper() not in text:
        # Quicker than any search: most texts without a name end here.
        return []
    found = []
    for match in _ENDS.finditer(text):
        start, second = match.start() - _LETTERS, match.end()
        if start < 0 or (start and text[start - 1].isalnum() and text[max(0, start - 2) : start] not in _ESCAPED):
            continue
        high, low = _number(text[start : match.start()]), _number(text[second : second + _LETTERS])
        if high is None or low is None:
            continue
        if "," in match[1]:
            high, low = low, high
        found.append((high << _BITS | low, text[start : second + _LETTERS + 1]))
    return found


def _number(syllables: str) -> int | None:
    low = syllables.lower()
    high, middle, last = _NUMBERS.get(low[:4]), _NUMBERS.get(low[4:8]), _NUMBERS.get(low[8:])
    return None if high is None or middle is None or last is None else high << 18 | middle << 6 | last
