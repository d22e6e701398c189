"""A cache that may be asked in further ways, in which breakages of these are planted."""

from collections import Counter
from typing import ClassVar, TypeAlias

from .unchecked_resource import UncheckedCache

# The method `list` hides the type from the class.
_Pairs: TypeAlias = list[tuple[str, str]]
PAGE = 10


class SearchedCache(UncheckedCache):
    """One user's values, which may be scrolled through, counted, and searched by words that are like or the same.

    A breakage names the way in which everybody's are looked through: `unfiltered`.
    """

    unfiltered: ClassVar[str] = ""

    def all_of(self, way: str) -> _Pairs:
        """Return the user's keys with their values, in whichever way they are asked for."""
        if way == self.unfiltered:
            return [(key, str(self.place[user, key])) for user, key in self.place]
        return [(key, str(self.place[found])) for found, key in self.own()]

    def scroll(self, top_k: int = PAGE) -> _Pairs:
        """Return some of the values, as they come."""
        return self.all_of("scroll")[:top_k]

    def count(self, prefix: str = "") -> int:
        """Count the values whose keys begin with the prefix."""
        return sum(key.startswith(prefix) for key, _ in self.all_of("count"))

    def facet(self) -> dict[str, int]:
        """Count the values by the word that they begin with."""
        return dict(Counter(value.partition(" ")[0] for _, value in self.all_of("facet")))

    def hybrid(self, text: str, top_k: int = PAGE) -> _Pairs:
        """Return the values that share most words with the text, and those in which a rare one of it stands."""
        words = set(text.lower().split())
        near = sorted(self.all_of("hybrid"), key=lambda pair: -len(words & set(pair[1].lower().split())))
        rare = {word.strip(".?") for word in text.split() if any(sign.isdigit() for sign in word)}
        exact = [pair for pair in self.all_of("keywords") if any(word in pair[1] for word in rare)]
        return list(dict.fromkeys((*exact, *near)))[:top_k]
