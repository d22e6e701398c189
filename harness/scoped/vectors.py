"""ScopedVectors: one user's vectors in a collection that many users share.

Raised: TypeError and ValueError for what is no key, vector, metadata or filter; ScopeError for metadata under a name
that tells whose a point is; KeyNotFoundError, which is a KeyError, where nothing is stored under the key;
IsolationError where the collection answers with a point of somebody else; whatever the collection itself raises.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID, uuid5

from ..base.refusals import KeyNotFoundError, ScopeError
from . import given
from .extras import homes
from .keys import scoped_key
from .paths import under
from .user_ids import check_id
from .vector_stores import KEY, RESERVED, TEXT, USER, Point, Points, own
from .vector_stores.chroma import ChromaCollection
from .vector_stores.lance import LanceTable
from .vector_stores.qdrant import QdrantCollection

# Of this package alone, so that no other's ids are the same.
_NAMESPACE = UUID("6d656d66-656e-5365-8000-766563746f72")
# The method `list` hides the type from the class.
_Keys: TypeAlias = list[str]
_Records: TypeAlias = "list[VectorRecord]"


@dataclass(frozen=True, slots=True)
class VectorRecord:
    """What is stored under a key; `score` is how near it is to a query: more is nearer, distances are negative."""

    key: str
    text: str
    metadata: Mapping[str, Any]
    score: float | None = None


class ScopedVectors:
    """The vectors of one user, and no way to any other's.

    `collection` is a `QdrantCollection(client, name)`, a collection of Chroma or a table of LanceDB, each a synchronous
    one. `embed` makes a vector of a text; without it give vectors. A filter `where` narrows and never widens: it stands
    beside the user's own condition, and each point that comes back is looked at.
    """

    __slots__ = ("_embed", "_points", "_user_id")

    def __init__(
        self,
        user_id: str,
        *,
        collection: Any,  # noqa: ANN401 - what it may be is said above
        embed: Callable[[str], Iterable[float]] | None = None,
    ) -> None:
        """Bind the user; raises ScopeError or TypeError for an id that ScopedMemory refuses, too."""
        self._user_id = check_id(user_id, "user_id")
        self._points = _points_of(collection)
        self._embed = embed

    @property
    def user_id(self) -> str:
        """The bound user."""
        return self._user_id

    def __repr__(self) -> str:
        """Show the scope."""
        return f"{type(self).__name__}({self._user_id!r})"

    def put(
        self,
        key: str,
        value: str | Iterable[float],
        *,
        text: str | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        """Store a text, or a vector and the `text` that it is of, over what was stored under the key."""
        point_id = self._id(key)
        fields = {} if metadata is None else given.metadata(metadata)
        taken = sorted(RESERVED & fields.keys())
        if taken:
            msg = f"{taken[0]!r} in metadata tells whose a point is: give the field another name"
            raise ScopeError(msg)
        said = text if text is not None else value if isinstance(value, str) else ""
        fields |= {USER: self._user_id, KEY: str.__str__(key), TEXT: given.text(said, "text")}
        self._points.put(point_id, self._vector(value), fields)

    def query(self, value: str | Iterable[float], top_k: int = 10, where: Any = None) -> _Records:  # noqa: ANN401 - each collection has its form
        """Return up to `top_k` records nearest to a text or a vector, the nearest first.

        `where` is a mapping of fields to a value or a list of values. Qdrant takes a Filter of its own, too, and Chroma
        any of its conditions.
        """
        _check_top_k(top_k)
        found = self._points.query(self._user_id, self._vector(value), top_k, where)
        return [_record(one) for one in own(found, self._user_id, "query")]

    def scroll(self, top_k: int = 10) -> _Records:
        """Return up to `top_k` records as they come, near to nothing."""
        _check_top_k(top_k)
        return [_record(one) for one in own(self._points.some(self._user_id, top_k), self._user_id, "scroll")]

    def count(self) -> int:
        """Count the vectors of this user."""
        return self._points.count(self._user_id)

    def get(self, key: str) -> VectorRecord:
        """Return what is stored under the key."""
        return _record(self._stored(key, "get"))

    def list(self, prefix: str = "") -> _Keys:
        """Return the keys, or those at or below a prefix, sorted: "acme" lists "acme/x" and no "acme-corp"."""
        if not isinstance(prefix, str):
            msg = f"prefix must be a str, got {type(prefix).__name__}"
            raise TypeError(msg)
        keys = [str(fields[KEY]) for fields, _ in own(self._points.all(self._user_id), self._user_id, "list")]
        return sorted(key for key in keys if under(key, prefix.removesuffix("/")))

    def delete(self, key: str) -> None:
        """Remove what is stored under the key."""
        self._stored(key, "delete")
        self._points.delete(self._user_id, self._id(key))

    def clear(self) -> None:
        """Remove all vectors of this user, and of nobody else."""
        self._points.clear(self._user_id)

    def _stored(self, key: str, operation: str) -> Point:
        found = self._points.get(self._id(key))
        if found is None:
            raise KeyNotFoundError
        return own([found], self._user_id, operation)[0]

    def _id(self, key: str) -> str:
        if not isinstance(key, str):
            msg = f"key must be a str, got {type(key).__name__}"
            raise TypeError(msg)
        return str(uuid5(_NAMESPACE, scoped_key(self._user_id, str.__str__(key))))

    def _vector(self, value: str | Iterable[float]) -> "list[float]":  # type: ignore[valid-type]  # the type, and not the method
        if isinstance(value, str):
            if self._embed is None:
                msg = "a text needs embed=, which makes a vector of it: give that to ScopedVectors, or a vector here"
                raise TypeError(msg)
            value = self._embed(given.text(value, "text"))
        return [float(one) for one in value]


def _check_top_k(top_k: object) -> None:
    if not isinstance(top_k, int) or top_k < 1:
        msg = f"top_k must be an int of at least 1, got {top_k!r}"
        raise ValueError(msg)


def _record(point: Point) -> VectorRecord:
    fields, score = point
    metadata = {name: value for name, value in fields.items() if name not in RESERVED}
    return VectorRecord(key=fields[KEY], text=fields.get(TEXT) or "", metadata=metadata, score=score)


def _points_of(collection: Any) -> Points:  # noqa: ANN401 - it is looked at here
    if isinstance(collection, QdrantCollection):
        return collection
    classes = homes(collection)
    if "chromadb.api.models.Collection.Collection" in classes:
        return ChromaCollection(collection)
    if "lancedb.table.Table" in classes:
        return LanceTable(collection)
    msg = (
        "collection must be a QdrantCollection(client, name), a collection of Chroma or a table of LanceDB, each a "
        f"synchronous one, got {type(collection).__name__}; Chroma and LanceDB come with memfence[vectors]"
    )
    raise TypeError(msg)
