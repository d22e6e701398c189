"""A real mem0 under an application: on one store, from when it is opened to when it is left."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from ...real_mem0.client import Client
from ...real_mem0.embedders import Embedding
from ...real_mem0.entities import own_entities
from ...real_mem0.private_home import private_home
from ...real_mem0.store import Store
from ...scoped.wrappers import Wrap
from ..mem0_world import Place, World


class OverMem0:
    """Opens a `mem0.Memory` on a collection of its own, for each world; what is made of its client is told at once."""

    def __init__(self, made: Wrap, store: Store, embedding: Embedding) -> None:
        """Take what makes something of the client; nothing is opened yet."""
        self._made = made
        self._store = store
        self._embedding = embedding
        self._ending = ExitStack()
        self._world: World | None = None

    def start(self) -> None:
        """Begin an empty world; raises HarnessError where it cannot be opened."""
        if self._world is not None and self._store.empties and self._world.crowd is None:
            self._world.empty()
            return
        if self._world is None:
            self._ending.enter_context(private_home())
            self._ending.enter_context(own_entities())
            self._ending.callback(self._store.stop)
            self._store.reach()
        self._leave()
        folder = self._store.folder() if self._store.on_disk else None
        self._world = World(self._store, self._embedding, Place(self._store.collection(), folder), (self._made, None))

    def load(self, crowd: Iterable[tuple[str, str]]) -> int:
        """Store (user id, text) pairs of many others at once; return how many."""
        return 0 if self._world is None else self._world.load(crowd)

    def storage(self) -> Iterator[tuple[str, Path | list[str]]]:
        """Yield each place that may keep a text, with it."""
        yield from () if self._world is None else self._world.storage()

    def close(self) -> None:
        """Remove what was stored, and let go of the store, whatever fails on the way."""
        with self._ending:
            self._leave()

    def _leave(self) -> None:
        world, self._world = self._world, None
        if world is not None:
            world.remove()


@contextmanager
def opened(made: Wrap, store: Store, embedding: Embedding) -> Iterator[Any]:
    """Yield what is made of a new client; what it stores goes with it.

    Raises HarnessError where it cannot be opened.
    """
    kept: list[Any] = []

    def keep(client: Client) -> Any:  # noqa: ANN401 - whatever is made of it
        kept.append(made(client))
        return kept[-1]

    over = OverMem0(keep, store, embedding)
    try:
        over.start()
        yield kept[-1]
    finally:
        over.close()
