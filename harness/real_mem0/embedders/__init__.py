"""Embedding models that run offline, one a file, in the form that mem0's factory loads.

A file `name.py` here names its class as `EMBEDDER` and the length of its vectors as `DIMENSIONS`.
"""

from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Embedding:
    """An embedding model as mem0 finds it: the dotted name of a class, and the length of its vectors."""

    path: str
    dimensions: int


def embedding(module: ModuleType) -> Embedding:
    """Return what a file of this folder offers."""
    kind = module.EMBEDDER
    return Embedding(f"{kind.__module__}.{kind.__qualname__}", module.DIMENSIONS)
