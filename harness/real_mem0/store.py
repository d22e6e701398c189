"""What a store under mem0 is: how to reach, open, empty and remove one."""

import secrets
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Protocol

from ..base.errors import HarnessError
from ..base.wording import in_one_line
from .client import Client
from .memory import open_async_beside, open_memory

EXTRACTOR = "memfence.real_mem0.extractor.RecordingExtractor"
_COLLECTION = "memfence"


class Kept(Protocol):
    """A world that can be removed."""

    def remove(self) -> None:
        """Remove all that it stored."""


class Store(ABC):
    """One store, in which each world is a collection of its own that goes with the world.

    `module` is the client that mem0 imports for it, `extra` what `pip install 'memfence[...]'` brings it. `on_disk`:
    each world is a folder's. `empties`: a world can be made a fresh one for less than a new one costs. `resets_async`:
    an `AsyncMemory` that stands beside another client can reset itself. `notes` are what a reader of the verdict should
    know; `remedy` is the setting, or the other store, with which no tenant loses its own, where it needs one.
    """

    module: ClassVar[str] = ""
    extra: ClassVar[str] = ""
    on_disk: bool = False
    empties: ClassVar[bool] = False
    resets_async: bool = False
    notes: tuple[str, ...] = ()
    remedy: str = ""

    def __init__(self, url: str | None = None) -> None:
        """Take the address of the user's server, None for our own; raises HarnessError where a package is missing."""
        if self.module and find_spec(self.module) is None:
            msg = f"this store needs {self.module}: pip install 'memfence[{self.extra}]'"
            raise HarnessError(msg)
        self.url = url
        # Worlds that several targets use one after the other, by what is in them.
        self.kept: dict[object, Kept] = {}
        self._home: tempfile.TemporaryDirectory[str] | None = None

    @abstractmethod
    def config(self, *, collection: str, dimensions: int, folder: Path | None) -> Mapping[str, object]:
        """Return mem0's config of a collection; what it names is reached, and begun where there is none."""

    def abandon(self, config: Mapping[str, object]) -> None:  # noqa: B027 - most config is but words
        """Let go of what was reached for a config of which no client came."""

    @abstractmethod
    def leave(self, client: Client) -> None:
        """Let go of the connections of an open client; what a folder or a server holds stays."""

    def remove(self, client: Client) -> None:
        """Remove the collections of an open client, where they are in no folder."""
        del client

    def rows(self, client: Client) -> Iterator[tuple[str, list[str]]]:
        """Yield (place, texts) of all that the store keeps outside a folder."""
        del client
        yield from ()

    def check(self) -> None:  # noqa: B027 - most need no server
        """Raise, soon and whatever its client raises, where the server does not answer."""

    def reach(self) -> None:
        """Raise HarnessError, with the address, where the server does not answer."""
        try:
            self.check()
        except HarnessError:
            raise
        except Exception as error:
            msg = f"nothing at {self.url or 'its own server'} answers {self.module}: {in_one_line(error, frozenset())}"
            raise HarnessError(msg) from error

    def folder(self) -> Path:
        """Return a new folder for a world, which is gone when the store is stopped at the latest."""
        if self._home is None:
            # Of this class, because it goes also where nobody calls stop: when the process ends.
            self._home = tempfile.TemporaryDirectory(prefix="memfence-", ignore_cleanup_errors=True)
        return Path(tempfile.mkdtemp(prefix="world-", dir=self._home.name))

    def discard(self) -> None:
        """Remove the worlds that were kept."""
        with ExitStack() as ending:
            while self.kept:
                ending.callback(self.kept.popitem()[1].remove)

    def stop(self) -> None:
        """Remove what is left, and stop what was started for it; once more does no harm."""
        try:
            self.discard()
        finally:
            if self._home is not None:
                self._home.cleanup()
            self._home = None

    def collection(self) -> str:
        """Return the name of the next world's collection: none that is there."""
        return self.unique() if self.url else _COLLECTION

    @staticmethod
    def unique() -> str:
        """Return a name that nobody has."""
        return f"{_COLLECTION}_{secrets.token_hex(4)}"

    def open(
        self,
        *,
        embedder: str,
        dimensions: int,
        collection: str = _COLLECTION,
        folder: Path | None = None,
        history: str | None = None,
        asynchronous: bool = False,
    ) -> Client:
        """Return a `mem0.Memory` or `AsyncMemory` on what is there, or on a new, empty collection.

        `embedder` is the dotted name of a class, `history` the path of the history database: by default in the folder,
        or in memory where there is none.
        """
        where = history or (":memory:" if folder is None else str(folder / "history.db"))
        with self.opening():
            config = self.config(collection=collection, dimensions=dimensions, folder=folder)
            try:
                return open_memory(
                    vector_store=config,
                    embedder=embedder,
                    extractor=EXTRACTOR,
                    history=where,
                    asynchronous=asynchronous,
                )
            except BaseException:
                self.abandon(config)
                raise

    def open_async_beside(self, client: Client, *, embedder: str) -> Client:
        """Return an `AsyncMemory` of the same world; it ends with that client, and when that one is emptied."""
        with self.opening():
            return open_async_beside(client, embedder=embedder, extractor=EXTRACTOR)

    def opening(self) -> AbstractContextManager[object]:
        """Return what holds while a client is made."""
        return nullcontext()

    def resetting(self, client: Client) -> AbstractContextManager[object]:
        """Return what holds while a client that stands beside another resets itself, where `resets_async`."""
        del client
        return nullcontext()

    def empty(self, client: Client) -> None:
        """Make it a fresh, empty world, where `empties`."""
        client.reset()

    def close(self, client: Client) -> None:
        """Let go of a client; what was in memory is gone. Once more does no harm."""
        try:
            # The first releases of mem0 1.0 have no close of their own.
            (client.close if hasattr(client, "close") else client.db.close)()
        finally:
            self.leave(client)

    def contents(self, client: Client) -> Iterator[tuple[str, list[str]]]:
        """Yield (place, texts) of all that is kept outside a folder: mem0's own tables, and the store's."""
        execute = client.db.connection.execute
        for (table,) in execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            yield f"{table} table", texts(execute(f'SELECT * FROM "{table}"').fetchall())  # noqa: S608 - its own name
        yield from self.rows(client)


def within(folder: Path | None, name: str) -> str:
    """Return the path of a store that is on disk in its world's folder."""
    assert folder is not None  # noqa: S101 - `on_disk` gives each world one
    return str(folder / name)


def vector_stores(client: Client) -> Iterator[Any]:
    """Yield mem0's own objects of the records and, where it was touched, of the entities."""
    yield client.vector_store
    beside = getattr(client, "_entity_store", None)
    if beside is not None:
        yield beside


def texts(value: object) -> list[str]:
    """Return each text of a nested value by itself, so that nothing in it is escaped."""
    found: list[str] = []
    _gather([value], found)
    return found


def _gather(inside: Iterable[object], found: list[str]) -> None:
    """Add the texts to those that were found: each look into a store brings all of it here."""
    for value in inside:
        if isinstance(value, str):
            found.append(value)
        elif value is None or isinstance(value, (int, float)):
            continue
        elif isinstance(value, (dict, Mapping)):
            _gather((*value.keys(), *value.values()), found)
        elif isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "__next__"):
            _gather(value, found)  # type: ignore[arg-type]  # an iterator, or a collection
