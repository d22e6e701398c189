"""Vectors by meaning for what our targets store: the model that comes with memfence, which needs no network."""

from functools import cache
from typing import Any

from ..real_mem0.embedders.semantic import DIMENSIONS, SemanticEmbedder


@cache
def _embedder() -> SemanticEmbedder:
    return SemanticEmbedder()


def embed(text: str) -> list[float]:
    """Return the vector of a text: `DIMENSIONS` floats, of length 1."""
    return _embedder().embed(text)


def embed_all(texts: list[str]) -> list[list[float]]:
    """Return the vector of each text."""
    return [embed(text) for text in texts]


# How LangGraph's stores, which are an extra, are told of it: of an item only the text is looked at.
INDEX: Any = {"dims": DIMENSIONS, "embed": embed_all, "fields": ["text"]}
