"""Opens a real `mem0.Memory` with our embedder and extractor in the places of its defaults."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .client import Client
from .environment import silence_telemetry

# A provider name that every mem0 version's config accepts, and whose own class is not wanted here.
_PROVIDER = "ollama"
_factories = threading.RLock()


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
    return open_configured(
        {"vector_store": dict(vector_store)},
        embedder=embedder,
        extractor=extractor,
        history=history,
        asynchronous=asynchronous,
    )


def open_configured(
    config: Mapping[str, object], *, embedder: str, extractor: str, history: str, asynchronous: bool = False
) -> Client:
    """Return a `mem0.Memory`, or an `AsyncMemory`, by a config as `Memory.from_config` takes it.

    What it says is passed on unchanged; `embedder`, `extractor` and `history` stand in for what it does not say.
    """
    silence_telemetry()
    from mem0 import AsyncMemory, Memory  # noqa: PLC0415 - importing memfence must not import mem0
    from mem0.configs.base import MemoryConfig  # noqa: PLC0415 - as above

    own = {"provider": _PROVIDER, "config": {}}
    whole = MemoryConfig(**{"embedder": own, "llm": own, "history_db_path": history, **config})
    with _registered(
        **({} if "embedder" in config else {"embedder": embedder}),
        **({} if "llm" in config else {"extractor": extractor}),
    ):
        return (AsyncMemory if asynchronous else Memory)(whole)


def open_async_beside(client: Client, *, embedder: str, extractor: str) -> Client:
    """Return an `AsyncMemory` of the same world as an open `Memory`: one store, one history, one embedder, one LLM.

    It needs no closing of its own. Where either is reset, `share` gives the other what that one has opened then.
    """
    from mem0 import AsyncMemory  # noqa: PLC0415 - as above

    config = client.config.model_copy(update={"history_db_path": ":memory:"})
    with _registered(embedder, extractor), _sharing(client.vector_store):
        beside = AsyncMemory(config)
    beside.db.close()
    # As if it had been opened by itself: this is what it opens when it is reset.
    beside.config.history_db_path = client.config.history_db_path
    beside.embedding_model, beside.llm = client.embedding_model, client.llm
    share(client, beside)
    if hasattr(client, "_entity_store"):
        # Touched, so that both have the one: a second may not see what the first has written.
        beside._entity_store = client.entity_store  # noqa: SLF001 - there is no public way to share it
    return beside


def share(of: Client, other: Client) -> None:
    """Give one client the history and the records of another; of the entities each keeps its own view."""
    other.db, other.vector_store = of.db, of.vector_store


@contextmanager
def _sharing(store: object) -> Iterator[None]:
    """Let mem0 take this store, whatever it is to make: an embedded one is not to be opened twice."""
    from mem0.utils.factory import VectorStoreFactory  # noqa: PLC0415 - as above

    with _factories:
        before = vars(VectorStoreFactory)["create"]
        VectorStoreFactory.create = classmethod(lambda cls, *_, **__: store)  # noqa: ARG005 - as mem0's own
        try:
            yield
        finally:
            VectorStoreFactory.create = before


@contextmanager
def _registered(embedder: str | None = None, extractor: str | None = None) -> Iterator[None]:
    """Name our classes in mem0's factories while one memory is built; what stood there comes back."""
    from mem0.configs.llms.base import BaseLlmConfig  # noqa: PLC0415 - as above
    from mem0.utils.factory import EmbedderFactory, LlmFactory  # noqa: PLC0415 - as above

    with _factories:
        embedders, llms = EmbedderFactory.provider_to_class, LlmFactory.provider_to_class
        before = embedders[_PROVIDER], llms[_PROVIDER]
        if embedder:
            embedders[_PROVIDER] = embedder
        if extractor:
            llms[_PROVIDER] = (extractor, BaseLlmConfig)
        try:
            yield
        finally:
            embedders[_PROVIDER], llms[_PROVIDER] = before
