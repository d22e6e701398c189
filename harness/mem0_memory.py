"""Opens a real `mem0.Memory` with our embedder and extractor in the places of its defaults."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .environment import silence_telemetry
from .mem0_client import Client

# A provider name that every mem0 version's config accepts, and whose own class is not wanted here.
_PROVIDER = "ollama"
_factories = threading.Lock()


def open_memory(
    *,
    vector_store: Mapping[str, object],
    embedder: str,
    extractor: str,
    history: str,
    asynchronous: bool = False,
) -> Client:
    """Return a `mem0.Memory`, or an `AsyncMemory`, on this store.

    `vector_store` is mem0's config of it, `embedder` and `extractor` are dotted names of classes, `history` is the
    path of the history database or `:memory:`.
    """
    silence_telemetry()
    from mem0 import AsyncMemory, Memory  # noqa: PLC0415 - importing memfence must not import mem0
    from mem0.configs.base import MemoryConfig  # noqa: PLC0415 - as above

    config = MemoryConfig(
        vector_store=dict(vector_store),
        embedder={"provider": _PROVIDER, "config": {}},
        llm={"provider": _PROVIDER, "config": {}},
        history_db_path=history,
    )
    with _registered(embedder, extractor):
        return (AsyncMemory if asynchronous else Memory)(config)


def open_async_beside(client: Client, *, vector_store: Mapping[str, object], embedder: str, extractor: str) -> Client:
    """Return an `AsyncMemory` of the same world as an open `Memory`: one history, one embedder, one LLM.

    `vector_store` must name the same store. It needs no closing of its own, and is stale once that client is reset.
    """
    beside = open_memory(
        vector_store=vector_store, embedder=embedder, extractor=extractor, history=":memory:", asynchronous=True
    )
    beside.db.close()
    beside.db, beside.embedding_model, beside.llm = client.db, client.embedding_model, client.llm
    return beside


@contextmanager
def _registered(embedder: str, extractor: str) -> Iterator[None]:
    """Name our classes in mem0's factories while one memory is built; what stood there comes back."""
    from mem0.configs.llms.base import BaseLlmConfig  # noqa: PLC0415 - as above
    from mem0.utils.factory import EmbedderFactory, LlmFactory  # noqa: PLC0415 - as above

    with _factories:
        embedders, llms = EmbedderFactory.provider_to_class, LlmFactory.provider_to_class
        before = embedders[_PROVIDER], llms[_PROVIDER]
        embedders[_PROVIDER], llms[_PROVIDER] = embedder, (extractor, BaseLlmConfig)
        try:
            yield
        finally:
            embedders[_PROVIDER], llms[_PROVIDER] = before
