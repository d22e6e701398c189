"""Qdrant embedded in this process, in memory: mem0's default store, without a server."""

import warnings

from ..embedders.semantic import DIMENSIONS
from ..mem0_client import Client
from ..mem0_memory import open_memory

EXTRACTOR = "memfence.extractor.SilentExtractor"


class QdrantStore:
    """One private, empty, in-memory Qdrant under a `mem0.Memory`."""

    def open(self, *, embedder: str, dimensions: int, asynchronous: bool = False) -> Client:
        """Return a new, empty `mem0.Memory` or `AsyncMemory`; `embedder` is the dotted name of a class."""
        from qdrant_client import QdrantClient  # noqa: PLC0415 - 0.5 s that other targets do not need

        with _without_index_warnings():
            return open_memory(
                vector_store={
                    "provider": "qdrant",
                    "config": {
                        "client": QdrantClient(":memory:"),
                        "collection_name": "memfence",
                        "embedding_model_dims": dimensions,
                    },
                },
                embedder=embedder,
                extractor=EXTRACTOR,
                history=":memory:",
                asynchronous=asynchronous,
            )

    def empty(self, client: Client) -> None:
        """Make it a fresh, empty world: about 4 ms, against 20 for a new one."""
        with _without_index_warnings():
            client.reset()

    def close(self, client: Client) -> None:
        """Let go of it; what was in memory is gone."""
        client.close()
        client.vector_store.client.close()


def offline_mem0() -> Client:
    """Return a real `mem0.Memory` that needs no key and no network, to try things with: embedded Qdrant, in memory.

    Its embedder is wordllama; its extraction LLM finds nothing, so call `add` with `infer=False`.
    """
    return QdrantStore().open(embedder="memfence.embedders.semantic.SemanticEmbedder", dimensions=DIMENSIONS)


class _without_index_warnings(warnings.catch_warnings):  # noqa: N801 - reads as a verb after `with`
    """Mem0 asks for payload indices, and embedded Qdrant warns that it has none."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.filterwarnings("ignore", message="Payload indexes have no effect")
