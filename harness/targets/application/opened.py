"""A real mem0 for an application that is looked at: on one store, from when it is opened to when it is left."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ...real_mem0.client import Client
from ...real_mem0.embedders import Embedding
from ...real_mem0.entities import own_entities
from ...real_mem0.private_home import private_home
from ...real_mem0.store import Store


@contextmanager
def opened(store: Store, embedding: Embedding) -> Iterator[Client]:
    """Yield a `mem0.Memory` on a new collection, which goes with it; raises HarnessError where it cannot be opened."""
    with ExitStack() as ending:
        ending.enter_context(private_home())
        ending.enter_context(own_entities())
        ending.callback(store.stop)
        store.reach()
        client: Client = store.open(
            embedder=embedding.path,
            dimensions=embedding.dimensions,
            collection=store.collection(),
            folder=store.folder() if store.on_disk else None,
            history=":memory:",
        )
        ending.callback(store.close, client)
        ending.callback(store.remove, client)
        yield client
