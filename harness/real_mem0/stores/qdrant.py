"""Qdrant: mem0's default store, embedded in this process without a server, in memory or on disk; or at a URL."""

import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from ...base.serial import one_at_a_time
from ..client import Client
from ..embedded import make_quicker
from ..embedders.semantic import DIMENSIONS
from ..keywords import has_keywords, rank_by_own_keywords
from ..store import Store, texts
from ..word_counts import can_count_own_words, count_under_filters

_PAGE = 1000
_ONE_AT_A_TIME = (
    "calls into embedded Qdrant, which is not thread-safe, are let in one at a time: interleaved scenarios judge mem0 "
    "and the wrapper, not the store"
)
OWN_KEYWORDS = (
    "mem0's keyword ranking, which needs fastembed and a model, is replaced by memfence's own; a word weighs by its "
    "user's records (without `count_own_words` mem0 on Qdrant lets it weigh by everybody's)"
)

# qdrant_client's own object.
Connection: TypeAlias = Any


class QdrantStore(Store):
    """Private, empty Qdrants under a `mem0.Memory`: about 4 ms to empty one, against 20 for a new one."""

    module = "qdrant_client"
    empties: ClassVar[bool] = True

    def __init__(self, url: str | None = None) -> None:
        """Take the server's address; without one it is embedded."""
        super().__init__(url)
        self.notes = () if url else (_ONE_AT_A_TIME, *((OWN_KEYWORDS,) if ranks_keywords() else ()))
        self.resets_async = not url

    def config(self, *, collection: str, dimensions: int, folder: Path | None) -> Mapping[str, object]:
        """Return mem0's config with a connection of ours in it."""
        reached = {"client": self._connect(folder), "collection_name": collection, "embedding_model_dims": dimensions}
        return {"provider": "qdrant", "config": reached}

    def abandon(self, config: Mapping[str, Any]) -> None:
        """Close the connection that is in it."""
        config["config"]["client"].close()

    def opening(self) -> "_without_index_warnings":
        """Keep a warning quiet."""
        return _without_index_warnings()

    def empty(self, client: Client) -> None:
        """Make it a fresh, empty world."""
        connection = client.vector_store.client
        with self.opening():
            client.reset()
            # mem0 leaves its collection of entities alone where another client opened it.
            for name in _collections(connection, client.collection_name):
                if name != client.collection_name:
                    connection.delete_collection(name)

    @contextmanager
    def resetting(self, client: Client) -> Iterator[None]:
        """Let the connection open its place again when it is closed.

        An AsyncMemory closes it when it is reset, and makes another by its config: that has this one in it.
        """
        connection = client.vector_store.client
        local = connection._client  # noqa: SLF001 - there is no public way to open one again

        def close(**_: object) -> None:
            local.close()
            connection._client = type(local)(local.location, force_disable_check_same_thread=True)  # noqa: SLF001 - as above

        before, connection.close = connection.close, close
        try:
            yield
        finally:
            connection.close = before

    def leave(self, client: Client) -> None:
        """Close the connection."""
        client.vector_store.client.close()

    def remove(self, client: Client) -> None:
        """Remove what is at the URL."""
        connection = client.vector_store.client
        if self.url:
            for name in _collections(connection, client.collection_name):
                connection.delete_collection(name)

    def rows(self, client: Client) -> Iterator[tuple[str, list[str]]]:
        """Yield points, and the points that were deleted: an embedded one keeps them while its collection is open."""
        connection = client.vector_store.client
        if not self.url and connection._client.persistent:  # noqa: SLF001 - the files tell, and there is no public way
            return
        for name in _collections(connection, client.collection_name):
            served, deleted = (_points(connection, name), []) if self.url else _held_points(connection, name)
            yield f"qdrant points ({name})", texts(served)
            if not self.url:
                yield f"qdrant heap ({name})", texts(deleted)

    def check(self) -> None:
        """Ask the server for its collections; raises what qdrant_client raises."""
        if self.url:
            connection = self._connect(None)
            try:
                connection.get_collections()
            finally:
                connection.close()

    def _connect(self, folder: Path | None) -> Connection:
        from qdrant_client import QdrantClient  # noqa: PLC0415 - 0.5 s that other targets do not need

        if self.url:
            return QdrantClient(url=self.url, timeout=10)
        where: dict[str, Any] = {"location": ":memory:"} if folder is None else {"path": str(folder / "qdrant")}
        # Its SQLite connections may be used from any thread, since no two calls meet.
        connection: Connection = QdrantClient(**where, force_disable_check_same_thread=True)
        # mem0 copies its config for the collection of entities: a copied client would be another store.
        connection.__deepcopy__ = lambda _: connection
        # Not without the other: whoever isolates is not to be told from others' words.
        if ranks_keywords():
            rank_by_own_keywords(connection)
            count_under_filters(connection)
            make_quicker(connection)
        # It stays the QdrantClient that mem0's config insists on.
        return one_at_a_time(connection, threading.RLock())


def open_store(url: str | None = None) -> QdrantStore:
    """Return the store; nothing is opened yet."""
    return QdrantStore(url)


def offline_mem0() -> Client:
    """Return a real `mem0.Memory` that needs no key and no network, to try things with: embedded Qdrant, in memory.

    Its embedder is wordllama; its extraction LLM takes each message of the user for one fact, word for word.
    """
    return QdrantStore().open(embedder="memfence.real_mem0.embedders.semantic.SemanticEmbedder", dimensions=DIMENSIONS)


def ranks_keywords() -> bool:
    """Tell whether an embedded one ranks by keywords as it should: by its user's own."""
    return has_keywords() and can_count_own_words()


def _collections(connection: Connection, collection: str) -> list[str]:
    """Return the collection, and what mem0 puts beside it."""
    names = [found.name for found in connection.get_collections().collections]
    return [name for name in names if name == collection or name.startswith(f"{collection}_")]


def _points(connection: Connection, collection: str) -> Iterator[object]:
    """Yield the payloads that a server serves."""
    after = None
    while True:
        page, after = connection.scroll(collection, limit=_PAGE, offset=after, with_payload=True, with_vectors=False)
        yield from (point.payload for point in page)
        if after is None:
            return


def _held_points(connection: Connection, collection: str) -> tuple[list[object], list[object]]:
    """Return the payloads that are served, and those that are no longer; there is no public way to the latter.

    The public way to the former sorts and copies them all, which a look for each fact that was erased makes dear.
    """
    held = connection._client.collections[collection]  # noqa: SLF001 - as the docstring says
    found: tuple[list[object], list[object]] = [], []
    for payload, gone in zip(held.payload, held.deleted.tolist(), strict=False):
        found[bool(gone)].append(payload)
    return found


class _without_index_warnings(warnings.catch_warnings):  # noqa: N801 - reads as a verb after `with`
    """Mem0 asks for payload indices, and embedded Qdrant warns that it has none."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.filterwarnings("ignore", message="Payload indexes have no effect")
