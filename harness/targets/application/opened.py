"""A real mem0 under an application: on one store, from when it is opened to when it is left."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...real_mem0.client import Client
from ...real_mem0.embedders import Embedding
from ...real_mem0.store import Store
from ...scoped.wrappers import Wrap
from ..mem0_target import Mem0Target


@contextmanager
def opened(made: Wrap, store: Store, embedding: Embedding) -> Iterator[Any]:
    """Yield what is made of a new client; what it stores goes with it.

    Raises HarnessError where it cannot be opened.
    """
    kept: list[Any] = []

    def keep(client: Client) -> Any:  # noqa: ANN401 - whatever is made of it
        kept.append(made(client))
        return kept[-1]

    target = Mem0Target(keep, store=store, embedding=embedding)
    try:
        target.start()
        yield kept[-1]
    finally:
        target.close()
