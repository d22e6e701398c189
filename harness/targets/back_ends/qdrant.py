"""A collection of Qdrant's client in memory, with vectors by meaning."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ...model.keys import ID
from ..meaning import DIMENSIONS
from . import BackEnd, Kept

KIND = "vectors"
_NAME, _MOST = "notes", 1_000_000


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection, by its client and its name."""

    client: Any
    name: str


class QdrantCollections(BackEnd):
    """A client of its own for each world."""

    keys: ClassVar[str] = ID
    module: ClassVar[str] = "qdrant_client"
    extra: ClassVar[str] = "vectors"

    def open(self) -> Collection:
        """Make a collection."""
        from qdrant_client import QdrantClient, models  # noqa: PLC0415 - 0.5 s that other stores need not wait

        client = QdrantClient(":memory:")
        vectors = models.VectorParams(size=DIMENSIONS, distance=models.Distance.COSINE)
        client.create_collection(_NAME, vectors_config=vectors)
        return Collection(client, _NAME)

    def close(self, place: Collection) -> None:
        """Close the client: what was in memory is gone."""
        place.client.close()

    def storage(self, place: Collection) -> Kept:
        """Return every point."""
        points, _ = place.client.scroll(place.name, limit=_MOST, with_payload=True)
        return {"points": [f"{point.id}: {point.payload}" for point in points]}


def open_back_end(url: str | None) -> QdrantCollections:
    """Return the back end; raises HarnessError for a URL."""
    return QdrantCollections(url)
