"""Qdrant at a URL: mem0's own collection, planted by upserts, read by ranges of its points' ids."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from typing import Any, Self
from uuid import UUID

from ...base.errors import HarnessError
from ...judging.stored_rows import Row
from ...plans.crowds import AGENT
from ...real_mem0.client import Client, records
from ...real_mem0.embedders import embedding, semantic
from ...real_mem0.embedders.semantic import remember_no_words
from ...real_mem0.stores.qdrant import QdrantStore
from ..crowded_store import CrowdedStore, Index, Planted, Where
from ..mem0_world import payload

_SEMANTIC = embedding(semantic)
# Ids are spread evenly: a part is those that begin with the same 12 bits.
_PARTS, _SHIFT = 1 << 12, 116
_AT_ONCE, _PAGE = 500, 1000


class QdrantCrowd(CrowdedStore):
    """A collection of mem0's, which indexes the user id by itself."""

    notes = (
        "every fact is embedded by wordllama, as 256 numbers",
        "bytes a user are not known: Qdrant does not tell them",
    )

    def __init__(self, where: Where) -> None:
        """Take the place."""
        super().__init__(where)
        self._ending = ExitStack()
        self._client: Client = None

    @classmethod
    def serve(cls, folder: str, url: str | None) -> str:
        """Return the URL; raises HarnessError without one: an embedded Qdrant is one process's own."""
        del folder
        if not url:
            msg = "qdrant holds a crowd only at a URL, for several processes open it: --store-url http://localhost:6333"
            raise HarnessError(msg)
        return url

    @classmethod
    def stop(cls, folder: str, url: str | None) -> None:
        """Do nothing: the server is the user's."""

    def prepare(self) -> dict[str, Any]:
        """Let mem0 make its collections, store a text and show how; remove the text."""
        added = records(self.client.add("a text", user_id="anybody", agent_id=AGENT, infer=False))
        pattern = dict(self.client.vector_store.get(added[0]["id"]).payload)
        for record in added:
            self.client.delete(record["id"])
        return pattern

    @property
    def client(self) -> Client:
        """mem0's own client, opened at the first need."""
        if self._client is None:
            store = self._store()
            self._client = store.open(
                embedder=_SEMANTIC.path, dimensions=_SEMANTIC.dimensions, collection=self.where.collection
            )
            self._ending.callback(store.close, self._client)
        return self._client

    def holding(self, lock: int) -> AbstractContextManager[object]:
        """Hold nothing: an upsert of the same points changes nothing; Qdrant has no locks."""
        del lock
        return nullcontext()

    def plant(self, rows: Sequence[Planted]) -> None:
        """Upsert them, and wait until they are there."""
        from qdrant_client.models import PointStruct  # noqa: PLC0415 - 0.5 s that others do not need

        remember_no_words()
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            vectors = self.client.embedding_model.embed_batch([text for _, _, text in part])
            points = [
                PointStruct(id=str(one), vector=vector, payload=payload(self.where.pattern, label, text))
                for (one, label, text), vector in zip(part, vectors, strict=True)
            ]
            self._connection.upsert(self.where.collection, points, wait=True)

    def of(self, label: str) -> list[Row]:
        """Look by the label."""
        from qdrant_client.models import FieldCondition, Filter, MatchValue  # noqa: PLC0415 - as above

        wanted = Filter(must=[FieldCondition(key="user_id", match=MatchValue(value=label))])
        page, _ = self._connection.scroll(self.where.collection, scroll_filter=wanted, limit=_PAGE, with_payload=True)
        return [_row(point) for point in page]

    def extent(self) -> int:
        """Return the number of ranges of ids."""
        return _PARTS

    def rows(self, first: int, count: int | None) -> Iterator[Row]:
        """Scroll from the first id of a range to its end."""
        after: Any = str(UUID(int=first << _SHIFT))
        end = None if count is None or first + count >= _PARTS else str(UUID(int=(first + count) << _SHIFT))
        while after is not None:
            page, after = self._connection.scroll(self.where.collection, limit=_PAGE, offset=after, with_payload=True)
            for point in page:
                if end is not None and str(point.id) >= end:
                    return
                yield _row(point)

    def check(self) -> None:
        """Ask for what the server knows of the collection."""
        self._connection.get_collection(self.where.collection)

    def size(self) -> int:
        """Return 0: it does not tell."""
        return 0

    def arrange(self, index: Index) -> None:
        """Do nothing: mem0 has made its index on the user id."""

    @contextmanager
    def alone(self) -> Iterator[Self]:
        """Make collections of their own for it."""
        place = type(self)(replace(self.where, collection=QdrantStore.unique()))
        place.prepare()
        try:
            yield place
        finally:
            place.remove()
            place.close()

    def remove(self) -> int:
        """Delete the collections."""
        for name in self._collections():
            self._connection.delete_collection(name)
        return len(self._collections())

    def close(self) -> None:
        """Let go of the client."""
        self._client = None
        self._ending.close()

    def _store(self) -> QdrantStore:
        return QdrantStore(self.where.address)

    @property
    def _connection(self) -> Any:  # noqa: ANN401 - qdrant_client's own
        return self.client.vector_store.client

    def _collections(self) -> list[str]:
        names = [one.name for one in self._connection.get_collections().collections]
        own = self.where.collection
        return [name for name in names if name == own or name.startswith(f"{own}_")]


def _row(point: Any) -> Row:  # noqa: ANN401 - qdrant_client's own
    said = point.payload or {}
    label = said.get("user_id")
    return str(point.id), None if label is None else str(label), str(said.get("data", ""))


STORE = QdrantCrowd
