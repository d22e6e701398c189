"""Real semantics without a network: wordllama's static embeddings, shipped inside its wheel."""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from wordllama.inference import WordLlamaInference

DIMENSIONS = 256
# Of an empty text there is no direction. This one is as good as any, and unlike zeros it has a cosine.
_OF_NOTHING = [DIMENSIONS**-0.5] * DIMENSIONS


@cache
def _model() -> "WordLlamaInference":
    import wordllama  # noqa: PLC0415 - 0.3 s that only a real search needs

    # The wheel keeps its tokenizer in a folder where wordllama itself does not look.
    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)


def remember_no_words() -> None:
    """Let the tokenizer keep no words in this process: it would keep 10,000 of a crowd's, and 90 MB, for no use."""
    # Not each version of it can be told.
    with suppress(AttributeError):
        _model().tokenizer.model._resize_cache(0)  # noqa: SLF001 - there is no public way


@lru_cache(maxsize=4096)
def _vector(text: str) -> "np.ndarray":
    """Return the vector of one text: a campaign says the same few thousand again and again, in each world anew."""
    vector: np.ndarray = _model().embed([text], norm=True)[0]
    return vector


class SemanticEmbedder:
    """An embedder as mem0 wants it: vectors of 256 floats of length 1; cosine 0.1 is mem0's default threshold."""

    def __init__(self, config: object = None) -> None:
        """Take mem0's embedder config, which has nothing to say here."""
        self.config = config
        self._embed = _model().embed

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        """Return the vector of one text; `memory_action` makes no difference here."""
        del memory_action
        vector: list[float] = _vector(text).tolist() if text else list(_OF_NOTHING)
        return vector

    def embed_batch(self, texts: list[str], memory_action: str | None = None) -> list[list[float]]:
        """Return a vector per text."""
        del memory_action
        if len(texts) == 1:
            return [self.embed(texts[0])]
        worded = [text for text in texts if text]
        vectors: Iterator[list[float]] = iter(self._embed(worded, norm=True).tolist() if worded else ())
        return [next(vectors) if text else list(_OF_NOTHING) for text in texts]


EMBEDDER = SemanticEmbedder
