"""A real mem0 of our own as a target: its worlds, one after the other, on one store."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ..base.errors import HarnessError
from ..performing.contract import Memory
from ..real_mem0.embedders import Embedding, semantic
from ..real_mem0.embedders import embedding as offered
from ..real_mem0.entities import has_entities, own_entities
from ..real_mem0.private_home import private_home
from ..real_mem0.store import Store
from ..real_mem0.stores.qdrant import QdrantStore
from ..scoped.wrappers import Wrap, given
from .mem0_world import Place, World

SEMANTIC = offered(semantic)
_OWN_ENTITIES = "mem0's entity extraction, which needs spaCy and a model, is replaced by memfence's own"


class Mem0Target:
    """Our own disposable mem0: each `start` is a fresh, empty world, in memory or, to be reopened, on disk.

    Memories may be made and used in threads; `start`, `reopen` and `close` are for one at a time.
    """

    disposable = True
    # Also on one server: a collection of its own for each world.
    separate = True

    def __init__(
        self,
        wrap: Wrap,
        wrap_async: Wrap | None = None,
        *,
        store: Store | None = None,
        embedding: Embedding = SEMANTIC,
        shared: bool = False,
    ) -> None:
        """Take what stands between a principal and the clients; nothing is opened yet.

        Without `wrap_async` there is no asynchronous memory. The store is embedded Qdrant where none is given; it is
        stopped with the target, unless it is `shared`: then crowds that were loaded are kept in it for the next one.
        """
        self._store = store or QdrantStore()
        self._shared = shared
        self._embedding = embedding
        self.remedy = self._store.remedy
        self.notes = (*self._store.notes, *((_OWN_ENTITIES,) if has_entities() else ()))
        self.make_async_memory = self._make_async_memory if wrap_async else None
        self.async_reset = self._async_reset if wrap_async and self._store.resets_async else None
        self._wraps = wrap, wrap_async
        self._prepared = False
        self._world: World | None = None
        self._ending = ExitStack()
        self._making = threading.Lock()

    def start(self, *, durable: bool = False) -> None:
        """Begin an empty world; a `durable` one can be reopened."""
        world = self._world
        if world is not None and self._store.empties and not (durable or world.place.durable or world.crowd):
            world.empty()
            return
        self._leave()
        self._open(durable=durable)

    def reopen(self) -> None:
        """Close everything and open the same world again; raises HarnessError where it is not durable."""
        before = self._world
        if before is None or not before.place.durable:
            msg = "a world in memory cannot be opened again: begin it with start(durable=True)"
            raise HarnessError(msg)
        before.close()
        self._world = World(self._store, self._embedding, before.place, self._wraps, earlier_prompts=before.prompts())

    def reset(self) -> None:
        """Let mem0's own client reset itself, in the world that is open: nothing is tidied beside that."""
        self._current().reset()

    def load(self, records: Iterable[tuple[str, str]]) -> int:
        """Store (user id, text) pairs in bulk; return how many.

        Those of others come into a world in which nobody was before, and may be kept in it for the next one.
        """
        crowd = tuple(records)
        if len({user_id for user_id, _ in crowd}) == 1:
            # Its owner is to erase it.
            return self._current().load(crowd)
        known = (self._embedding, crowd)
        kept = self._store.kept.pop(known, None)
        if isinstance(kept, World):
            self._leave()
            kept.bind(self._wraps)
            self._world = kept
        else:
            self._current().load(crowd)
        self._current().crowd = known
        return len(crowd)

    def make_memory(self, user_id: str | None, *, agent_id: str | None = None, run_id: str | None = None) -> Memory:
        """Return this user's memory of the current world; starts one where there is none."""
        return self._current().make(user_id, **given(agent_id=agent_id, run_id=run_id))

    def storage(self) -> Iterator[tuple[str, Path | list[str]]]:
        """Yield each place that may keep a text, with it: files of a world on disk; tables and points of one in memory.

        The stores commit each write, so nothing waits to be flushed.
        """
        return self._current().storage()

    def caches(self) -> Mapping[str, Any]:
        """Return what keeps answers before the client of the current world."""
        return self._current().caches()

    def prompts(self) -> list[str]:
        """Return what the extraction LLM was sent in this world, oldest first, by either client."""
        return self._current().prompts()

    def close(self) -> None:
        """Close the store and remove what was written, whatever fails on the way."""
        self._prepared = False
        with self._ending:
            if not self._shared:
                self._ending.callback(self._store.stop)
            self._leave()

    def _current(self) -> World:
        with self._making:
            return self._world or self._open(durable=False)

    def _open(self, *, durable: bool) -> World:
        self._prepare()
        folder = self._store.folder() if durable or self._store.on_disk else None
        place = Place(self._store.collection(), folder, durable)
        self._world = World(self._store, self._embedding, place, self._wraps)
        return self._world

    def _make_async_memory(
        self, user_id: str | None, *, agent_id: str | None = None, run_id: str | None = None
    ) -> Memory:
        return self._current().make_async(user_id, **given(agent_id=agent_id, run_id=run_id))

    async def _async_reset(self) -> None:
        await self._current().reset_async()

    def _leave(self) -> None:
        world, self._world = self._world, None
        if world is None:
            return
        if self._shared and world.crowd is not None:
            world.tidy()
            self._store.kept[world.crowd] = world
        else:
            world.remove()

    def _prepare(self) -> None:
        """Open what `close` ends: a folder for what mem0 writes beside, our entity extraction, the way to the store."""
        if not self._prepared:
            self._ending.enter_context(private_home())
            self._ending.enter_context(own_entities())
            self._store.reach()
            self._prepared = True
