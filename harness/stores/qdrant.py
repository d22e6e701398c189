"""Qdrant embedded in this process, in memory or on disk: mem0's default store, without a server."""

import inspect
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeAlias

from ..embedders.semantic import DIMENSIONS
from ..mem0_client import Client
from ..mem0_memory import open_async_beside, open_memory

EXTRACTOR = "memfence.extractor.RecordingExtractor"
_PAGE = 1000

# qdrant_client's own object.
Connection: TypeAlias = Any


class QdrantStore:
    """One private, empty Qdrant under a `mem0.Memory`."""

    def open(self, *, embedder: str, dimensions: int, folder: Path | None = None, asynchronous: bool = False) -> Client:
        """Return a `mem0.Memory` or `AsyncMemory` on what the folder holds, or on a new, empty world in memory.

        `embedder` is the dotted name of a class.
        """
        from qdrant_client import QdrantClient  # noqa: PLC0415 - 0.5 s that other targets do not need

        where = {"location": ":memory:"} if folder is None else {"path": str(folder / "qdrant")}
        # Its SQLite connections may be used from any thread, since `_one_at_a_time` keeps two from meeting.
        connection = _one_at_a_time(QdrantClient(**where, force_disable_check_same_thread=True))
        try:
            with _without_index_warnings():
                return open_memory(
                    vector_store=_config(connection, dimensions),
                    embedder=embedder,
                    extractor=EXTRACTOR,
                    history=":memory:" if folder is None else str(folder / "history.db"),
                    asynchronous=asynchronous,
                )
        except BaseException:
            connection.close()
            raise

    def open_async_beside(self, client: Client, *, embedder: str, dimensions: int) -> Client:
        """Return an `AsyncMemory` of the same world; it ends with that client, and when that one is emptied."""
        with _without_index_warnings():
            return open_async_beside(
                client,
                vector_store=_config(client.vector_store.client, dimensions),
                embedder=embedder,
                extractor=EXTRACTOR,
            )

    def empty(self, client: Client) -> None:
        """Make it a fresh, empty world: about 4 ms, against 20 for a new one."""
        connection = client.vector_store.client
        with _without_index_warnings():
            client.reset()
            # mem0 leaves its collection of entities alone where another client opened it.
            for name in _collections(connection):
                if name.startswith(f"{client.collection_name}_"):
                    connection.delete_collection(name)

    def close(self, client: Client) -> None:
        """Let go of it; what was in memory is gone. Once more does no harm."""
        connection = client.vector_store.client
        try:
            # The first releases of mem0 1.0 have no close of their own.
            (client.close if hasattr(client, "close") else client.db.close)()
        finally:
            connection.close()

    def contents(self, client: Client) -> Iterator[tuple[str, list[str]]]:
        """Yield (place, texts) of all that a world keeps: tables, points, and the points that were deleted.

        Embedded Qdrant marks a deleted point and keeps it for as long as its collection is open.
        """
        execute = client.db.connection.execute
        for (table,) in execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            yield f"{table} table", list(_texts(execute(f'SELECT * FROM "{table}"').fetchall()))  # noqa: S608 - its own name
        connection = client.vector_store.client
        for name in _collections(connection):
            yield f"qdrant points ({name})", list(_texts(_points(connection, name)))
            yield f"qdrant heap ({name})", list(_texts(_deleted_points(connection, name)))


def offline_mem0() -> Client:
    """Return a real `mem0.Memory` that needs no key and no network, to try things with: embedded Qdrant, in memory.

    Its embedder is wordllama; its extraction LLM takes each message of the user for one fact, word for word.
    """
    return QdrantStore().open(embedder="memfence.embedders.semantic.SemanticEmbedder", dimensions=DIMENSIONS)


def _config(connection: Connection, dimensions: int) -> dict[str, object]:
    return {
        "provider": "qdrant",
        "config": {"client": connection, "collection_name": "memfence", "embedding_model_dims": dimensions},
    }


def _one_at_a_time(connection: Connection) -> Connection:
    """Let one call at a time into a QdrantClient: embedded Qdrant is not thread-safe, mem0 above it is to interleave.

    It stays the QdrantClient that mem0's config insists on.
    """
    lock = threading.RLock()
    # Of the class: the properties of an embedded one raise when they are read.
    for name, _ in inspect.getmembers(type(connection), inspect.isfunction):
        if not name.startswith("_"):
            setattr(connection, name, _locked(getattr(connection, name), lock))
    # mem0 copies its config for the collection of entities: a copied client would be another store.
    connection.__deepcopy__ = lambda _: connection
    return connection


def _locked(method: Callable[..., object], lock: threading.RLock) -> Callable[..., object]:
    @wraps(method)
    def call(*arguments: object, **options: object) -> object:
        with lock:
            return method(*arguments, **options)

    return call


def _collections(connection: Connection) -> list[str]:
    return [collection.name for collection in connection.get_collections().collections]


def _points(connection: Connection, collection: str) -> Iterator[object]:
    """Yield the payloads that are served."""
    after = None
    while True:
        page, after = connection.scroll(collection, limit=_PAGE, offset=after, with_payload=True, with_vectors=False)
        yield from (point.payload for point in page)
        if after is None:
            return


def _deleted_points(connection: Connection, collection: str) -> Iterator[object]:
    """Yield the payloads that are no longer served; there is no public way to them."""
    held = connection._client.collections[collection]  # noqa: SLF001 - as the docstring says
    yield from (payload for payload, gone in zip(held.payload, held.deleted, strict=False) if gone)


def _texts(value: object) -> Iterator[str]:
    """Yield each text of a nested value by itself, so that nothing in it is escaped."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts([*value.keys(), *value.values()])
    elif isinstance(value, Iterable):
        for inner in value:
            yield from _texts(inner)


class _without_index_warnings(warnings.catch_warnings):  # noqa: N801 - reads as a verb after `with`
    """Mem0 asks for payload indices, and embedded Qdrant warns that it has none."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.filterwarnings("ignore", message="Payload indexes have no effect")
