"""Vectors of many users in one collection: Qdrant, Chroma or LanceDB."""

from ...model.keys import FLAT
from ..back_ends import BackEnd
from ..back_ends.qdrant import QdrantCollections
from ..keyed.vectors import plain_vectors, scoped_vectors
from ..keyed_target import KeyedTarget, Wrap

WRAPPERS = {"scoped": scoped_vectors, "plain": plain_vectors}


def open_target(wrap: Wrap, wrap_async: Wrap | None = None, *, back_end: BackEnd | None = None) -> KeyedTarget:
    """Return the target; a collection of Qdrant in memory where no back end is given."""
    del wrap_async
    # ScopedVectors takes any text for a key, and makes a UUID of it.
    keys = FLAT if wrap is scoped_vectors else ""
    return KeyedTarget(wrap, back_end or QdrantCollections(), keys)
