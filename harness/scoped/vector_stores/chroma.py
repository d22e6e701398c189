"""Vectors in a collection of Chroma."""

from collections.abc import Mapping
from typing import Any

from . import TEXT, USER, Point, plain


class ChromaCollection:
    """A synchronous collection of Chroma; texts are its documents."""

    __slots__ = ("_collection",)

    def __init__(self, collection: Any) -> None:  # noqa: ANN401 - Chroma has no types here
        """Take the collection."""
        self._collection = collection

    def put(self, point_id: str, vector: list[float], fields: dict[str, Any]) -> None:
        """See `Points.put`."""
        kept = {name: value for name, value in fields.items() if name != TEXT and value is not None}
        old = self._collection.get(ids=[point_id], include=["metadatas"])["metadatas"]
        # Chroma would keep fields of the old one that the new one has not; None removes one.
        gone = dict.fromkeys(old[0] or {}) if old else {}
        self._collection.upsert(
            ids=[point_id], embeddings=[vector], metadatas=[{**gone, **kept}], documents=[fields[TEXT]]
        )

    def get(self, point_id: str) -> Point | None:
        """See `Points.get`."""
        return next(iter(_points(self._collection.get(ids=[point_id]))), None)

    def query(self, user_id: str, vector: list[float], top_k: int, where: Any) -> list[Point]:  # noqa: ANN401 - it is looked at
        """See `Points.query`; `where` is a mapping as Chroma takes it, or several fields and their values."""
        if where is not None and not isinstance(where, Mapping):
            msg = f"where must be a mapping such as {{'topic': 'food'}}, got {type(where).__name__}"
            raise TypeError(msg)
        # Each field by itself: Chroma takes one in a mapping.
        narrower = [] if where is None else [{name: _one(value)} for name, value in plain(where).items()]
        which = {"$and": [_of(user_id), *narrower]} if narrower else _of(user_id)
        found = self._collection.query(query_embeddings=[vector], n_results=top_k, where=which)
        rows = zip(found["metadatas"][0], found["documents"][0], found["distances"][0], strict=True)
        return [(_fields(metadata, document), -float(distance)) for metadata, document, distance in rows]

    def all(self, user_id: str) -> list[Point]:
        """See `Points.all`."""
        return _points(self._collection.get(where=_of(user_id)))

    def some(self, user_id: str, top_k: int) -> list[Point]:
        """See `Points.some`."""
        return _points(self._collection.get(where=_of(user_id), limit=top_k))

    def count(self, user_id: str) -> int:
        """See `Points.count`; a collection's own count is everybody's."""
        return len(self._collection.get(where=_of(user_id), include=[])["ids"])

    def delete(self, user_id: str, point_id: str) -> None:
        """See `Points.delete`."""
        self._collection.delete(ids=[point_id], where=_of(user_id))

    def clear(self, user_id: str) -> None:
        """See `Points.clear`."""
        self._collection.delete(where=_of(user_id))


def _of(user_id: str) -> dict[str, Any]:
    return {USER: {"$eq": user_id}}


def _one(value: Any) -> Any:  # noqa: ANN401 - as above
    return {"$in": value} if isinstance(value, list) and all(not isinstance(one, dict) for one in value) else value


def _points(found: Mapping[str, Any]) -> list[Point]:
    return [
        (_fields(metadata, document), None)
        for metadata, document in zip(found["metadatas"], found["documents"], strict=True)
    ]


def _fields(metadata: Mapping[str, Any] | None, document: str | None) -> dict[str, Any]:
    return {**(metadata or {}), TEXT: document or ""}
