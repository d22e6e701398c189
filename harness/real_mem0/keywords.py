"""The keyword ranking of our own targets: mem0's needs fastembed and a downloaded model."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .environment import silence_telemetry

# A code is one word, and so is what is written with a hyphen.
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# They stand in nearly every text, and say nothing of it.
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a about am an and any are as at be been but by can could did do does for from had has have he her him his how i
        if in is it its me my no not of on or our please she so tell than that the their them there they this to us was
        we were what when where which who why will with would you your
        """,
    )
)
# BM25 as fastembed counts it: how soon a repeated word adds little, how much a long text costs, what length is usual.
_REPEATED, _LENGTH, _USUAL = 1.2, 0.75, 256
# By so much at most weigh texts of the same words apart.
_APART = 0.01
# mem0's method that looks for an encoder, and our mark on a connection that brings its own.
_LOADS = "_get_bm25_encoder"
_MARK = "memfence_keywords"


@dataclass(frozen=True, slots=True)
class Weights:
    """A sparse vector in the shape of fastembed's: the number of each word, ascending, and its weight."""

    indices: "array[int]"
    values: "array[float]"


class KeywordEncoder:
    """Takes the place of `fastembed.SparseTextEmbedding`; a word's number is a hash, and no model is needed.

    A weight hangs on its text alone: how rare a word is, the store counts when it is asked.
    """

    def embed(self, texts: Iterable[str]) -> Iterator[Weights]:
        """Yield the weights of each text; a text without words has none."""
        for text in texts:
            counts = Counter(words(text))
            length = _REPEATED * (1 - _LENGTH + _LENGTH * sum(counts.values()) / _USUAL)
            most = (1 + _REPEATED) * _told_apart(text)
            weights = {_number(word): most * times / (times + length) for word, times in counts.items()}
            indices = sorted(weights)
            yield Weights(array("L", indices), array("d", [weights[index] for index in indices]))


def words(text: str) -> list[str]:
    """Return the words by which a text is found, in lower case, without those that stand everywhere."""
    return [word for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS]


@cache
def has_keywords() -> bool:
    """Tell whether the installed mem0 ranks by keywords on Qdrant (since 2.0), without importing it."""
    spec = find_spec("mem0")
    folders = (spec and spec.submodule_search_locations) or ()
    stores = (Path(folder, "vector_stores", "qdrant.py") for folder in folders)
    return any(_LOADS in store.read_text(encoding="utf-8") for store in stores if store.is_file())


def rank_by_own_keywords(connection: Any) -> None:  # noqa: ANN401 - qdrant_client's own object
    """Have mem0 use our encoder wherever it reaches Qdrant by this connection; by another it goes on as it did.

    The connection carries the mark and not mem0's store, for mem0 makes another one when it is reset.
    """
    if not has_keywords():
        return
    silence_telemetry()
    from mem0.vector_stores.qdrant import Qdrant  # noqa: PLC0415 - importing memfence must not import mem0

    _look_for_the_mark(Qdrant)
    setattr(connection, _MARK, KeywordEncoder())


@cache
def _look_for_the_mark(store: Any) -> None:  # noqa: ANN401 - mem0's own class
    """Let mem0's store ask its connection for an encoder before it looks for fastembed's; once for each class."""
    load = vars(store)[_LOADS]

    @wraps(load)
    def loaded(self: Any) -> Any:  # noqa: ANN401 - as above
        return getattr(self.client, _MARK, None) or load(self)

    setattr(store, _LOADS, loaded)


def _told_apart(text: str) -> float:
    """Return a factor of the text's own, 1 or a little more.

    Texts that differ in a code alone would be equals. mem0 lets Qdrant cut the list of them, and which of its equals
    that keeps depends on how many records others have: whoever isolates would seem not to.
    """
    return 1 + _APART * _number(text) / 2**32


@lru_cache(maxsize=10_000)
def _number(word: str) -> int:
    """Return the number of a word, or of a text: 32 bits, as Qdrant has them, the same in every process."""
    return int.from_bytes(blake2b(word.encode(errors="surrogatepass"), digest_size=4).digest(), "big")
