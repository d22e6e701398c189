"""Milvus: milvus-lite, a file for each world; or a server at a URL."""

import logging
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace

from ..client import Client
from ..store import Store, texts, vector_stores, within

_SECONDS = 10
_POLL = 0.01
_IMPATIENT = SimpleNamespace(**{**vars(time), "sleep": lambda seconds: time.sleep(min(seconds, _POLL))})


class MilvusStore(Store):
    """A file of milvus-lite for each world; at a URL, collections."""

    module = "pymilvus"
    extra = "milvus"

    def __init__(self, url: str | None = None) -> None:
        """Take the server's address; without one it is milvus-lite."""
        super().__init__(url)
        self.on_disk = not url

    def config(self, *, collection: str, dimensions: int, folder: Path | None) -> Mapping[str, object]:
        """Return mem0's config."""
        return {
            "provider": "milvus",
            "config": {
                "collection_name": collection,
                "url": self.url or within(folder, "milvus.db"),
                # Its config wants a text.
                "token": "",
                "embedding_model_dims": dimensions,
            },
        }

    def opening(self) -> AbstractContextManager[object]:
        """From now on look after 10 ms whether an index is built: pymilvus waits half a second, twice for each.

        Until `stop`, for mem0 makes the collection of its entities when it first needs it.
        """
        from pymilvus.client import grpc_handler  # noqa: PLC0415 - an extra

        # It logs each error that it raises, on a handler of its own; importing it has set its level.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        grpc_handler.time = _IMPATIENT
        return nullcontext()

    def stop(self) -> None:
        """Give pymilvus its clock back, too."""
        try:
            super().stop()
        finally:
            handler = sys.modules.get("pymilvus.client.grpc_handler")
            if handler is not None:
                vars(handler)["time"] = time

    def leave(self, client: Client) -> None:
        """Let go of the file, and end the server that pymilvus started for it."""
        for store in vector_stores(client):
            store.client.close()
        if not self.url:
            from milvus_lite.server_manager import server_manager_instance  # noqa: PLC0415 - an extra

            server_manager_instance.release_server(client.config.vector_store.config.url)

    def remove(self, client: Client) -> None:
        """Remove what is at the URL."""
        if self.url:
            for store in vector_stores(client):
                store.delete_col()

    def rows(self, client: Client) -> Iterator[tuple[str, list[str]]]:
        """Yield what a server serves; of milvus-lite the file tells."""
        if self.url:
            for store in vector_stores(client):
                name = store.collection_name
                found = store.client.query(name, filter='id != ""', output_fields=["metadata", "text"])
                yield f"milvus collection ({name})", texts([dict(row) for row in found])

    def check(self) -> None:
        """Ask the server for its collections; raises what pymilvus raises."""
        if self.url:
            from pymilvus import MilvusClient  # noqa: PLC0415 - an extra

            connection = MilvusClient(uri=self.url, timeout=_SECONDS)
            connection.list_collections()
            connection.close()


def open_store(url: str | None = None) -> MilvusStore:
    """Return the store; nothing is opened yet."""
    return MilvusStore(url)
