"""Vectors of one user in a collection: as most write them, and ScopedVectors."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any, TypeAlias

from ...scoped.vector_stores.qdrant import QdrantCollection
from ...scoped.vectors import ScopedVectors
from ..back_ends.qdrant import Collection
from ..meaning import DIMENSIONS, embed

_LISTED = 10_000
_TABLE = "notes"
# Each write makes a file of its own, which each look opens: after so many they become one.
_WRITES = 16
# The method `list` hides the type from the class.
_Pairs: TypeAlias = list[tuple[str, str]]


class PlainQdrant:
    """Notes as Qdrant's guide has them: the user is a field of each point, and each search is filtered by it."""

    def __init__(self, collection: Collection, user_id: str) -> None:
        """Bind the user."""
        from qdrant_client import models  # noqa: PLC0415 - as where the client is made

        self._models = models
        self._client = collection.client
        self._name = collection.name
        self._user_id = user_id
        match = models.FieldCondition(key="user_id", match=models.MatchValue(value=user_id))
        self._mine = models.Filter(must=[match])

    def put(self, key: str, value: str) -> None:
        """Put a text under a UUID."""
        payload = {"user_id": self._user_id, "text": value}
        point = self._models.PointStruct(id=key, vector=embed(value), payload=payload)
        self._client.upsert(self._name, points=[point])

    def get(self, key: str) -> str:
        """Return a text; raises KeyError where there is none of the user's."""
        found = self._client.retrieve(self._name, ids=[key])
        if not found or found[0].payload["user_id"] != self._user_id:
            raise KeyError(key)
        text: str = found[0].payload["text"]
        return text

    def list(self) -> _Pairs:
        """Return each id with its text."""
        points, _ = self._client.scroll(self._name, scroll_filter=self._mine, limit=_LISTED)
        return [(str(point.id), point.payload["text"]) for point in points]

    def scroll(self, top_k: int = 10) -> _Pairs:
        """Return some ids with their texts, as they come."""
        points, _ = self._client.scroll(self._name, scroll_filter=self._mine, limit=top_k)
        return [(str(point.id), point.payload["text"]) for point in points]

    def count(self) -> int:
        """Count the points of the user."""
        return int(self._client.count(self._name, count_filter=self._mine).count)

    def query(self, text: str, top_k: int = 10) -> _Pairs:
        """Return the ids and texts that are nearest by meaning."""
        found = self._client.query_points(self._name, query=embed(text), query_filter=self._mine, limit=top_k)
        return [(str(point.id), point.payload["text"]) for point in found.points]

    def delete(self, key: str) -> None:
        """Remove a point of the user's."""
        self.get(key)
        self._client.delete(self._name, points_selector=[key])

    def clear(self) -> None:
        """Remove all points of the user."""
        self._client.delete(self._name, points_selector=self._models.FilterSelector(filter=self._mine))


class PlainChroma:
    """Notes as Chroma's guide has them: the user stands in the metadata, and each query says `where`."""

    def __init__(self, collection: Any, user_id: str) -> None:  # noqa: ANN401 - Chroma is an extra
        """Bind the user."""
        self._collection = collection
        self._user_id = user_id
        self._mine = {"user_id": user_id}

    def put(self, key: str, value: str) -> None:
        """Put a text under an id."""
        self._collection.upsert(ids=[key], embeddings=[embed(value)], metadatas=[self._mine], documents=[value])

    def get(self, key: str) -> str:
        """Return a text; raises KeyError where there is none of the user's."""
        documents: list[str] = self._collection.get(ids=[key], where=self._mine)["documents"]
        if not documents:
            raise KeyError(key)
        return documents[0]

    def list(self) -> _Pairs:
        """Return each id with its text."""
        found = self._collection.get(where=self._mine)
        return list(zip(found["ids"], found["documents"], strict=True))

    def scroll(self, top_k: int = 10) -> _Pairs:
        """Return some ids with their texts, as they come."""
        found = self._collection.get(where=self._mine, limit=top_k)
        return list(zip(found["ids"], found["documents"], strict=True))

    def count(self) -> int:
        """Count the rows of the user."""
        return len(self._collection.get(where=self._mine, include=[])["ids"])

    def query(self, text: str, top_k: int = 10) -> _Pairs:
        """Return the ids and texts that are nearest by meaning."""
        found = self._collection.query(query_embeddings=[embed(text)], n_results=top_k, where=self._mine)
        return list(zip(found["ids"][0], found["documents"][0], strict=True))

    def delete(self, key: str) -> None:
        """Remove a row of the user's."""
        self._collection.delete(ids=[key], where=self._mine)

    def clear(self) -> None:
        """Remove all rows of the user."""
        self._collection.delete(where=self._mine)


class PlainLance:
    """Notes as LanceDB's guide has them: the user is a column, and each call says `where`."""

    def __init__(self, table: Any, user_id: str, compact: Callable[[], None]) -> None:  # noqa: ANN401 - LanceDB is an extra
        """Bind the user; `compact` is called after each write."""
        self._table = table
        self._user_id = user_id
        self._compact = compact
        self._mine = f"user_id = '{user_id}'"

    def put(self, key: str, value: str) -> None:
        """Put a text under an id."""
        row = {"id": key, "user_id": self._user_id, "text": value, "vector": embed(value)}
        self._table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute([row])
        self._compact()

    def get(self, key: str) -> str:
        """Return a text; raises KeyError where there is none of the user's."""
        found = self._table.search().where(f"{self._mine} AND id = '{key}'").limit(1).to_list()
        if not found:
            raise KeyError(key)
        text: str = found[0]["text"]
        return text

    def list(self) -> _Pairs:
        """Return each id with its text."""
        return [(row["id"], row["text"]) for row in self._table.search().where(self._mine).limit(_LISTED).to_list()]

    def scroll(self, top_k: int = 10) -> _Pairs:
        """Return some ids with their texts, as they come."""
        found = self._table.search().where(self._mine).limit(top_k).to_list()
        return [(row["id"], row["text"]) for row in found]

    def count(self) -> int:
        """Count the rows of the user."""
        return int(self._table.count_rows(self._mine))

    def query(self, text: str, top_k: int = 10) -> _Pairs:
        """Return the ids and texts that are nearest by meaning."""
        found = self._table.search(embed(text)).where(self._mine).limit(top_k).to_list()
        return [(row["id"], row["text"]) for row in found]

    def delete(self, key: str) -> None:
        """Remove a row of the user's."""
        self._table.delete(f"{self._mine} AND id = '{key}'")

    def clear(self) -> None:
        """Remove all rows of the user."""
        self._table.delete(self._mine)


class CompactedVectors(ScopedVectors):
    """ScopedVectors over a table of LanceDB that is compacted as it is written to."""

    __slots__ = ("_compact",)

    def __init__(self, user_id: str, *, collection: Any, compact: Callable[[], None]) -> None:  # noqa: ANN401 - LanceDB is an extra
        """Bind the user; `compact` is called after each write."""
        super().__init__(user_id, collection=collection, embed=embed)
        self._compact = compact

    def put(self, key: str, value: str) -> None:  # type: ignore[override]  # less is offered
        """Store a text over what was stored under the key."""
        super().put(key, value)
        self._compact()


def plain_vectors(place: Any) -> Callable[..., PlainQdrant | PlainChroma | PlainLance]:  # noqa: ANN401 - a back end's own object
    """Return what makes a user's notes."""
    if isinstance(place, Collection):
        return lambda user_id: PlainQdrant(place, user_id)
    if _is_lance(place):
        table = _table(place, "id", "user_id", "text")
        compact = _compacting(table)
        return lambda user_id: PlainLance(table, user_id, compact)
    return lambda user_id: PlainChroma(place, user_id)


def scoped_vectors(place: Any) -> Callable[..., ScopedVectors]:  # noqa: ANN401 - as above
    """Return what makes a user's vectors."""
    if _is_lance(place):
        table = _table(place, "scope_id", "scope_user", "scope_key", "scope_text")
        compact = _compacting(table)
        return lambda user_id: CompactedVectors(user_id, collection=table, compact=compact)
    collection = QdrantCollection(place.client, place.name) if isinstance(place, Collection) else place
    return lambda user_id: ScopedVectors(user_id, collection=collection, embed=embed)


def _is_lance(place: Any) -> bool:  # noqa: ANN401 - as above
    return type(place).__module__.startswith("lancedb")


def _table(place: Any, *columns: str) -> Any:  # noqa: ANN401 - LanceDB is an extra
    """Make a table with these columns of strings, and one of vectors."""
    import pyarrow as pa  # noqa: PLC0415 - it comes with LanceDB

    vectors = pa.field("vector", pa.list_(pa.float32(), DIMENSIONS))
    return place.create_table(_TABLE, schema=pa.schema([*(pa.field(name, pa.string()) for name in columns), vectors]))


def _compacting(table: Any) -> Callable[[], None]:  # noqa: ANN401 - as above
    """Return what is called after each write; every so often it compacts the table, as LanceDB asks of its users."""
    written = count(1)

    def compact() -> None:
        if next(written) % _WRITES == 0:
            # Somebody else's write may have come between: then the next time will do. Past versions stay.
            with suppress(RuntimeError):
                table.optimize()

    return compact
