"""Vectors by meaning for what our targets store: the model that comes with memfence, which needs no network."""

import math
from functools import lru_cache
from typing import Any

from ..real_mem0.embedders.semantic import SemanticEmbedder

# The first numbers of a vector say most of what it means; stores copy and compare fewer of them sooner.
DIMENSIONS = 64


@lru_cache(maxsize=4096)
def _vector(text: str) -> tuple[float, ...]:
    first = SemanticEmbedder().embed(text)[:DIMENSIONS]
    length = math.hypot(*first) or 1.0
    return tuple(one / length for one in first)


def embed(text: str) -> list[float]:
    """Return the vector of a text: `DIMENSIONS` floats, of length 1."""
    return list(_vector(text))


def embed_all(texts: list[str]) -> list[list[float]]:
    """Return the vector of each text."""
    return [embed(text) for text in texts]


# How LangGraph's stores, which are an extra, are told of it: of an item only the text is looked at.
INDEX: Any = {"dims": DIMENSIONS, "embed": embed_all, "fields": ["text"]}
