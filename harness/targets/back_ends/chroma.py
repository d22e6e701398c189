"""A collection of Chroma's client in memory, with vectors by meaning."""

import secrets
from typing import Any, ClassVar

from ...model.keys import ID
from . import BackEnd, Kept

KIND = "vectors"
# After how many rows what was written is taken into the index: with a thousand, as is Chroma's own choice, each call
# reads all that waits anew.
_WAITING = 2


class ChromaCollections(BackEnd):
    """A collection of its own for each world: all clients in memory of one process share what they store."""

    keys: ClassVar[str] = ID
    module: ClassVar[str] = "chromadb"
    extra: ClassVar[str] = "vectors"

    def __init__(self, url: str | None = None) -> None:
        """See `BackEnd`."""
        super().__init__(url)
        self._client: Any = None

    def open(self) -> Any:  # noqa: ANN401 - a collection of Chroma
        """Make a collection."""
        import chromadb  # noqa: PLC0415 - an extra

        if self._client is None:
            self._client = chromadb.EphemeralClient(chromadb.Settings(anonymized_telemetry=False))
        name = f"memfence_{secrets.token_hex(4)}"
        # Vectors are given with each call: Chroma's own model would be fetched from the network.
        index = {"hnsw": {"batch_size": _WAITING, "sync_threshold": _WAITING}}
        return self._client.create_collection(name, embedding_function=None, configuration=index)

    def close(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Remove it."""
        self._client.delete_collection(place.name)

    def storage(self, place: Any) -> Kept:  # noqa: ANN401 - as above
        """Return every row."""
        rows = place.get()
        kept = zip(rows["ids"], rows["metadatas"], rows["documents"], strict=True)
        return {"rows": [f"{known}: {metadata} {document}" for known, metadata, document in kept]}


def open_back_end(url: str | None) -> ChromaCollections:
    """Return the back end; raises HarnessError for a URL."""
    return ChromaCollections(url)
