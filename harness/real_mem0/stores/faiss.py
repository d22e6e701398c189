"""FAISS: an index in this process, written to a folder on each change."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...base.errors import HarnessError
from ...base.serial import one_at_a_time
from ..client import Client
from ..store import Store, vector_stores, within

_ONE_AT_A_TIME = (
    "calls into FAISS, which is not thread-safe, are let in one at a time: interleaved scenarios judge mem0 and the "
    "wrapper, not the store"
)


class FaissStore(Store):
    """A FAISS folder for each world."""

    module = "faiss"
    extra = "faiss"
    on_disk = True
    notes = (_ONE_AT_A_TIME,)
    remedy = (
        "a store that filters by user before it ranks (of FAISS, mem0 fetches the nearest records of all users, and "
        "then filters)"
    )

    def config(self, *, collection: str, dimensions: int, folder: Path | None) -> Mapping[str, object]:
        """Return mem0's config."""
        return {
            "provider": "faiss",
            "config": {
                "collection_name": collection,
                "path": within(folder, "faiss"),
                "embedding_model_dims": dimensions,
            },
        }

    def open(self, **options: Any) -> Client:  # noqa: ANN401 - as Store.open
        """Open as any other, and let one thread at a time into it."""
        client = super().open(**options)
        # Touched, so that its index of entities is there to be guarded.
        getattr(client, "entity_store", None)
        lock = threading.RLock()
        for store in vector_stores(client):
            one_at_a_time(store, lock)
        return client

    def leave(self, client: Client) -> None:
        """Leave the files as they are: each change has been written."""


def open_store(url: str | None = None) -> FaissStore:
    """Return the store; raises HarnessError for a URL."""
    if url:
        msg = "FAISS is a library and has no server: leave out --store-url"
        raise HarnessError(msg)
    return FaissStore()
