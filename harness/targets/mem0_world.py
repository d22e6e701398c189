"""One open world of a real mem0: a client on a collection of its own, and what is wrapped around it."""

import hashlib
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from ..performing.contract import Memory
from ..real_mem0.client import Client, records
from ..real_mem0.embedders import Embedding
from ..real_mem0.memory import share
from ..real_mem0.store import Store
from ..scoped.wrappers import MakeMemory, Wrap, caches_of, reset_of

_BATCH = 500
_NAMESPACE = UUID("6d656d66-656e-4365-8000-000000000000")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a world is: its collection, and the folder of what is on disk; a `durable` one can be opened again."""

    collection: str
    folder: Path | None = None
    durable: bool = False


class World:
    """A client, its asynchronous counterpart from the first need on, and what is wrapped around both."""

    def __init__(
        self,
        store: Store,
        embedding: Embedding,
        place: Place,
        wraps: tuple[Wrap, Wrap | None],
        *,
        earlier_prompts: Iterable[str] = (),
    ) -> None:
        """Open the place; raises whatever the store's client raises."""
        self.place = place
        # What was loaded into it, and who has come since.
        self.crowd: object = None
        self._users: set[str] = set()
        self._loaded: set[str] = set()
        self._store = store
        self._embedding = embedding
        self._earlier_prompts = list(earlier_prompts)
        self._making = threading.Lock()
        self.client: Client = store.open(
            embedder=embedding.path,
            dimensions=embedding.dimensions,
            collection=place.collection,
            folder=place.folder,
            history=None if place.durable else ":memory:",
        )
        try:
            self.bind(wraps)
        except BaseException:
            self.close()
            raise

    def bind(self, wraps: tuple[Wrap, Wrap | None]) -> None:
        """Take what is to stand between principals and the client."""
        self._wraps = wraps
        self._make = wraps[0](self.client)
        self._async_client: Client = None
        self._make_async: MakeMemory | None = None

    def make(self, user_id: str | None, **ids: str) -> Memory:
        """Return a user's memory."""
        if self.crowd is not None and user_id is not None and user_id not in self._loaded:
            self._users.add(user_id)
        return self._make(user_id, **ids)

    def make_async(self, user_id: str | None, **ids: str) -> Memory:
        """Return a user's memory through the asynchronous client."""
        return self._asynchronous()(user_id, **ids)

    def reset(self) -> None:
        """Let the client reset itself; its counterpart goes on with what that has opened."""
        with self._store.opening():
            reset_of(self._make, self.client)()
        if self._make_async is not None:
            share(self.client, self._async_client)

    async def reset_async(self) -> None:
        """Let the counterpart reset itself; the client goes on with what that has opened."""
        made = self._asynchronous()
        with self._store.opening(), self._store.resetting(self.client):
            await reset_of(made, self._async_client)()
        share(self._async_client, self.client)

    def empty(self) -> None:
        """Make it a fresh, empty world."""
        self.client.llm.prompts.clear()
        self._store.empty(self.client)
        self.bind(self._wraps)

    def load(self, crowd: Iterable[tuple[str, str]]) -> int:
        """Store (user id, text) pairs in batches through the store's own insert; return how many.

        Each is as mem0 itself stores one: the first is added by mem0, and its payload is the others' pattern.
        """
        pattern: dict[str, Any] | None = None
        batch: list[tuple[str, str]] = []
        count = 0
        for user_id, text in crowd:
            count += 1
            self._loaded.add(user_id)
            if pattern is None:
                (added,) = records(self.client.add(text, user_id=user_id, infer=False))
                pattern = dict(self.client.vector_store.get(added["id"]).payload)
                continue
            batch.append((user_id, text))
            if len(batch) == _BATCH:
                self._insert(pattern, batch)
                batch = []
        if batch and pattern is not None:
            self._insert(pattern, batch)
        return count

    def tidy(self) -> None:
        """Remove what those have stored who came after the crowd."""
        while self._users:
            self.client.delete_all(user_id=self._users.pop())
        self.client.llm.prompts.clear()

    def prompts(self) -> list[str]:
        """Return what the extraction LLM was sent in this world, oldest first, by either client."""
        return [*self._earlier_prompts, *self.client.llm.prompts]

    def storage(self) -> Iterator[tuple[str, Path | list[str]]]:
        """Yield each place that may keep a text, with it: files, tables, and what the store keeps elsewhere."""
        folder = self.place.folder
        if folder is not None:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    yield path.relative_to(folder).as_posix(), path
        yield from self._store.rows(self.client) if self.place.durable else self._store.contents(self.client)

    def caches(self) -> Mapping[str, Any]:
        """Return what keeps answers before the client."""
        return caches_of(self._make)

    def close(self) -> None:
        """Let go of the client."""
        self._store.close(self.client)

    def remove(self) -> None:
        """Remove all that it stored, and let go of the client."""
        try:
            self._store.remove(self.client)
        finally:
            self.close()
            if self.place.folder is not None:
                shutil.rmtree(self.place.folder, ignore_errors=True)

    def _asynchronous(self) -> MakeMemory:
        with self._making:
            if self._make_async is None:
                _, wrap_async = self._wraps
                assert wrap_async is not None  # noqa: S101 - without it the target offers no asynchronous memory
                self._async_client = self._store.open_async_beside(self.client, embedder=self._embedding.path)
                self._make_async = wrap_async(self._async_client)
        return self._make_async

    def _insert(self, pattern: dict[str, Any], batch: list[tuple[str, str]]) -> None:
        vectors = self.client.embedding_model.embed_batch([text for _, text in batch])
        payloads = [payload(pattern, user_id, text) for user_id, text in batch]
        ids = [str(uuid5(_NAMESPACE, f"{user_id}\n{text}")) for user_id, text in batch]
        self.client.vector_store.insert(vectors=vectors, payloads=payloads, ids=ids)


def payload(pattern: Mapping[str, Any], user_id: str, text: str) -> dict[str, Any]:
    """Return what mem0 would write beside a text of this user, where it has written the pattern beside another."""
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    made = {"data": text, "hash": digest, "text_lemmatized": text.lower()}
    return {**pattern, "user_id": user_id, **{name: value for name, value in made.items() if name in pattern}}
