"""Vectors in a collection of Qdrant."""

from collections.abc import Mapping
from typing import Any

from ..extras import homes, library
from . import USER, Point, plain

_PAGE = 256


class QdrantCollection:
    """A collection of a synchronous `QdrantClient`, by its name; `vector_name` where its vectors have names.

    With many users index the field `scope_user` as a keyword with `is_tenant=True`.
    """

    __slots__ = ("_client", "_models", "_name", "_vector_name")

    def __init__(self, client: Any, name: str, *, vector_name: str | None = None) -> None:  # noqa: ANN401 - qdrant-client has no types here
        """Take the client; raises TypeError for one that is asynchronous or none."""
        if "qdrant_client.qdrant_client.QdrantClient" not in homes(client):
            msg = f"client must be a QdrantClient, got {type(client).__name__}"
            raise TypeError(msg)
        self._client = client
        self._name = name
        self._vector_name = vector_name
        self._models = library("qdrant_client.models", extra="vectors")

    def put(self, point_id: str, vector: list[float], fields: dict[str, Any]) -> None:
        """See `Points.put`."""
        held = vector if self._vector_name is None else {self._vector_name: vector}
        point = self._models.PointStruct(id=point_id, vector=held, payload=fields)
        self._client.upsert(self._name, points=[point], wait=True)

    def get(self, point_id: str) -> Point | None:
        """See `Points.get`."""
        found = self._client.retrieve(self._name, ids=[point_id], with_payload=True)
        return (dict(found[0].payload or {}), None) if found else None

    def query(self, user_id: str, vector: list[float], top_k: int, where: Any) -> list[Point]:  # noqa: ANN401 - see below
        """See `Points.query`; `where` is a Filter of Qdrant's, or a mapping of fields to a value or a list of these."""
        conditions = [] if where is None else [self._narrower(where)]
        found = self._client.query_points(
            self._name,
            query=vector,
            using=self._vector_name,
            query_filter=self._of(user_id, *conditions),
            limit=top_k,
            with_payload=True,
        )
        return [(dict(point.payload or {}), float(point.score)) for point in found.points]

    def all(self, user_id: str) -> list[Point]:
        """See `Points.all`."""
        points: list[Point] = []
        place = None
        while True:
            found, place = self._client.scroll(
                self._name, scroll_filter=self._of(user_id), limit=_PAGE, offset=place, with_payload=True
            )
            points += [(dict(point.payload or {}), None) for point in found]
            if place is None:
                return points

    def some(self, user_id: str, top_k: int) -> list[Point]:
        """See `Points.some`."""
        found, _ = self._client.scroll(self._name, scroll_filter=self._of(user_id), limit=top_k, with_payload=True)
        return [(dict(point.payload or {}), None) for point in found]

    def count(self, user_id: str) -> int:
        """See `Points.count`."""
        return int(self._client.count(self._name, count_filter=self._of(user_id), exact=True).count)

    def delete(self, user_id: str, point_id: str) -> None:
        """See `Points.delete`."""
        self._remove(self._of(user_id, self._models.HasIdCondition(has_id=[point_id])))

    def clear(self, user_id: str) -> None:
        """See `Points.clear`."""
        self._remove(self._of(user_id))

    def _remove(self, which: Any) -> None:  # noqa: ANN401 - a Filter
        self._client.delete(self._name, points_selector=self._models.FilterSelector(filter=which), wait=True)

    def _of(self, user_id: str, *conditions: Any) -> Any:  # noqa: ANN401 - as above
        """Return a filter that all of these must pass; a filter of the caller's is one condition of them."""
        owner = self._models.FieldCondition(key=USER, match=self._models.MatchValue(value=user_id))
        return self._models.Filter(must=[owner, *conditions])

    def _narrower(self, where: Any) -> Any:  # noqa: ANN401 - as above
        models = self._models
        if isinstance(where, models.Filter):
            return where
        if not isinstance(where, Mapping):
            msg = (
                f"where must be a mapping such as {{'topic': 'food'}} or a Filter of Qdrant, got {type(where).__name__}"
            )
            raise TypeError(msg)
        return models.Filter(must=[self._condition(field, value) for field, value in plain(where).items()])

    def _condition(self, field: str, value: Any) -> Any:  # noqa: ANN401 - as above
        models = self._models
        if isinstance(value, list) and value and all(isinstance(one, (str, int)) for one in value):
            return models.FieldCondition(key=field, match=models.MatchAny(any=value))
        if isinstance(value, (str, int)):
            return models.FieldCondition(key=field, match=models.MatchValue(value=value))
        msg = f"{field!a} in where has a {type(value).__name__}: give a str, int, bool, a list of these or a Filter"
        raise TypeError(msg)
