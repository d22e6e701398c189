"""A real mem0.Memory on embedded Qdrant, through ScopedMemory or another wrapper."""

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from ..contract import Memory
from ..embedders.semantic import DIMENSIONS
from ..entities import has_entities, own_entities
from ..environment import silence_telemetry
from ..errors import HarnessError
from ..mem0_client import Client
from ..stores.qdrant import QdrantStore
from ..wrappers import MakeMemory, Wrap, given

EMBEDDER = "memfence.embedders.semantic.SemanticEmbedder"
_ONE_AT_A_TIME = (
    "calls into embedded Qdrant, which is not thread-safe, are let in one at a time: interleaved scenarios judge mem0 "
    "and the wrapper, not the store"
)
_OWN_ENTITIES = "mem0's entity extraction, which needs spaCy and a model, is replaced by memfence's own"


class Mem0Target:
    """Our own disposable mem0: each `start` is a fresh, empty world, in memory or, to be reopened, on disk.

    Memories may be made and used in threads; `start`, `reopen` and `close` are for one at a time.
    """

    disposable = True

    def __init__(self, wrap: Wrap, wrap_async: Wrap | None = None) -> None:
        """Take what stands between a principal and the clients; nothing is opened yet.

        Without `wrap_async` there is no asynchronous memory.
        """
        self.notes = (_ONE_AT_A_TIME, *((_OWN_ENTITIES,) if has_entities() else ()))
        self.make_async_memory = self._make_async_memory if wrap_async else None
        self._wraps = wrap, wrap_async
        self._home: Path | None = None
        self._world: _World | None = None
        self._ending = ExitStack()
        self._making = threading.Lock()

    def start(self, *, durable: bool = False) -> None:
        """Begin an empty world; a `durable` one is on disk and can be reopened."""
        if self._world is not None and self._world.folder is None and not durable:
            self._world.empty()
            return
        self._leave()
        self._open(durable=durable)

    def reopen(self) -> None:
        """Close everything and open the same world again; raises HarnessError where it is not on disk."""
        before = self._world
        if before is None or before.folder is None:
            msg = "a world in memory cannot be opened again: begin it with start(durable=True)"
            raise HarnessError(msg)
        before.close()
        self._world = _World(*self._wraps, before.folder, earlier_prompts=before.prompts())

    def make_memory(self, user_id: str, *, agent_id: str | None = None, run_id: str | None = None) -> Memory:
        """Return this user's memory of the current world; starts one where there is none."""
        return self._current().make(user_id, **given(agent_id=agent_id, run_id=run_id))

    def storage(self) -> Iterator[tuple[str, Path | list[str]]]:
        """Yield each place that may keep a text, with it: files of a world on disk; tables and points of one in memory.

        SQLite and Qdrant commit each write, so nothing waits to be flushed.
        """
        return self._current().storage()

    def prompts(self) -> list[str]:
        """Return what the extraction LLM was sent in this world, oldest first, by either client."""
        return self._current().prompts()

    def close(self) -> None:
        """Close the store and remove what was written, whatever fails on the way."""
        self._home = None
        with self._ending:
            self._leave()

    def _current(self) -> "_World":
        with self._making:
            return self._world or self._open(durable=False)

    def _open(self, *, durable: bool) -> "_World":
        home = self._prepare()
        self._world = _World(*self._wraps, Path(tempfile.mkdtemp(prefix="world-", dir=home)) if durable else None)
        return self._world

    def _make_async_memory(self, user_id: str, *, agent_id: str | None = None, run_id: str | None = None) -> Memory:
        return self._current().make_async(user_id, **given(agent_id=agent_id, run_id=run_id))

    def _leave(self) -> None:
        world, self._world = self._world, None
        if world is not None:
            world.close()
            if world.folder is not None:
                shutil.rmtree(world.folder, ignore_errors=True)

    def _prepare(self) -> Path:
        """Make a folder for all that is written, and change in this process what `close` changes back."""
        if self._home is None:
            # Of this class, because it goes also where nobody calls close: when the process ends.
            folder = tempfile.TemporaryDirectory(prefix="memfence-", ignore_cleanup_errors=True)
            home = Path(self._ending.enter_context(folder))
            if "mem0" not in sys.modules:
                # When it is first imported it reads MEM0_DIR and writes a config there: not into `~/.mem0`.
                self._ending.callback(_restore, "MEM0_DIR", os.environ.get("MEM0_DIR"))
                os.environ["MEM0_DIR"] = str(home)
            silence_telemetry()
            self._ending.enter_context(own_entities())
            self._home = home
        return self._home


class _World:
    """One open world: a client, its asynchronous counterpart from the first need on, and what is wrapped around both.

    `folder` is where it is kept, None in memory.
    """

    def __init__(
        self, wrap: Wrap, wrap_async: Wrap | None, folder: Path | None, *, earlier_prompts: Iterable[str] = ()
    ) -> None:
        self.folder = folder
        self._wraps = wrap, wrap_async
        self._store = QdrantStore()
        self._earlier_prompts = list(earlier_prompts)
        self._making = threading.Lock()
        self._client: Client = self._store.open(embedder=EMBEDDER, dimensions=DIMENSIONS, folder=folder)
        try:
            self._bind()
        except BaseException:
            self.close()
            raise

    def _bind(self) -> None:
        wrap, _ = self._wraps
        self.make = wrap(self._client)
        self._make_async: MakeMemory | None = None

    def make_async(self, user_id: str, **ids: str) -> Memory:
        with self._making:
            if self._make_async is None:
                _, wrap_async = self._wraps
                assert wrap_async is not None  # noqa: S101 - without it the target offers no asynchronous memory
                beside = self._store.open_async_beside(self._client, embedder=EMBEDDER, dimensions=DIMENSIONS)
                self._make_async = wrap_async(beside)
        return self._make_async(user_id, **ids)

    def empty(self) -> None:
        self._client.llm.prompts.clear()
        self._store.empty(self._client)
        self._bind()

    def prompts(self) -> list[str]:
        return [*self._earlier_prompts, *self._client.llm.prompts]

    def storage(self) -> Iterator[tuple[str, Path | list[str]]]:
        if self.folder is None:
            yield from self._store.contents(self._client)
            return
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(self.folder).as_posix(), path

    def close(self) -> None:
        self._store.close(self._client)


def open_target(wrap: Wrap, wrap_async: Wrap | None = None) -> Mem0Target:
    """Return the target; nothing is opened before its `start`."""
    return Mem0Target(wrap, wrap_async)


def _restore(variable: str, value: str | None) -> None:
    os.environ.pop(variable, None)
    if value is not None:
        os.environ[variable] = value
