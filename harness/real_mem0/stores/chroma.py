"""Chroma: on disk in this process, or a server at http://host:port."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...base.errors import HarnessError
from ..client import Client
from ..store import Store, texts, vector_stores, within

_PORT = 8000


class ChromaStore(Store):
    """A Chroma folder for each world; at a URL, collections."""

    module = "chromadb"
    extra = "chroma"

    def __init__(self, url: str | None = None) -> None:
        """Take the server's address; without one it is on disk."""
        super().__init__(url)
        self.on_disk = not url

    def config(self, *, collection: str, dimensions: int, folder: Path | None) -> Mapping[str, object]:
        """Return mem0's config; Chroma takes the dimensions from the first vector."""
        del dimensions
        return {"provider": "chroma", "config": {"collection_name": collection, **self._where(folder)}}

    def leave(self, client: Client) -> None:
        """Let go of the files."""
        for store in vector_stores(client):
            store.client.close()

    def remove(self, client: Client) -> None:
        """Remove what is at the URL."""
        if self.url:
            for store in vector_stores(client):
                store.delete_col()

    def rows(self, client: Client) -> Iterator[tuple[str, list[str]]]:
        """Yield what a server serves; of one on disk the files tell."""
        if self.url:
            for store in vector_stores(client):
                yield f"chroma collection ({store.collection_name})", texts(store.collection.get()["metadatas"])

    def check(self) -> None:
        """Ask the server for its heartbeat; raises what chromadb raises."""
        if self.url:
            import chromadb  # noqa: PLC0415 - an extra

            chromadb.HttpClient(**self._where(None)).heartbeat()

    def _where(self, folder: Path | None) -> dict[str, Any]:
        if not self.url:
            return {"path": within(folder, "chroma")}
        found = urlsplit(self.url)
        if not found.hostname:
            msg = "the URL of a Chroma server reads http://host:port"
            raise HarnessError(msg)
        return {"host": found.hostname, "port": found.port or _PORT}


def open_store(url: str | None = None) -> ChromaStore:
    """Return the store; nothing is opened yet."""
    return ChromaStore(url)
