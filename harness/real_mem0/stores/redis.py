"""Redis with RediSearch: at a URL of the user's, or a private one where its server is installed."""

import shutil
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...base.errors import HarnessError
from ..client import Client
from ..private_redis import COMMAND, PrivateRedis
from ..store import Store, texts, vector_stores

_SECONDS = 10


class RedisStore(Store):
    """An index of its own for each world."""

    module = "redisvl"
    extra = "redis"

    def __init__(self, url: str | None = None) -> None:
        """Take the server's address; without one a private server is started when it is needed."""
        super().__init__(url)
        if not url and shutil.which(COMMAND) is None:
            msg = (
                "the store redis is a server with RediSearch: give its address as --store-url redis://host:6379, "
                f"or install {COMMAND}"
            )
            raise HarnessError(msg)
        self._starting = threading.Lock()
        self._own: PrivateRedis | None = None

    @property
    def address(self) -> str:
        """Where the server is; starts one where there is none."""
        if self.url:
            return self.url
        with self._starting:
            if self._own is None:
                self._own = PrivateRedis(self.folder())
            return self._own.url

    def stop(self) -> None:
        """Stop the server that was started."""
        self.discard()
        try:
            if self._own is not None:
                self._own.stop()
            self._own = None
        finally:
            super().stop()

    def collection(self) -> str:
        """Return the name of an index that is not there: mem0 writes over one that is."""
        return self.unique()

    def config(self, *, collection: str, dimensions: int, folder: Path | None) -> Mapping[str, object]:
        """Return mem0's config."""
        del folder
        return {
            "provider": "redis",
            "config": {"collection_name": collection, "redis_url": self.address, "embedding_model_dims": dimensions},
        }

    def leave(self, client: Client) -> None:
        """Close the connections."""
        for store in vector_stores(client):
            store.client.close()

    def remove(self, client: Client) -> None:
        """Remove the indices with what they hold."""
        for store in vector_stores(client):
            store.index.delete(drop=True)

    def rows(self, client: Client) -> Iterator[tuple[str, list[str]]]:
        """Yield all keys of the indices, of deleted records too."""
        for store in vector_stores(client):
            name = store.schema["index"]["prefix"]
            found = [store.client.hgetall(key) for key in store.client.scan_iter(f"{name}:*")]
            yield f"redis keys ({name})", texts([_read(row) for row in found])

    def check(self) -> None:
        """Ask for the search module; raises what redis raises, HarnessError where the server has none."""
        import redis  # noqa: PLC0415 - an extra

        connection = redis.Redis.from_url(self.address, socket_connect_timeout=_SECONDS)
        try:
            modules = {str(_plain(found.get(b"name", found.get("name", "")))) for found in connection.module_list()}
        finally:
            connection.close()
        if "search" not in modules:
            msg = "this Redis has no RediSearch: mem0 needs a server with the search module, such as Redis 8"
            raise HarnessError(msg)


def open_store(url: str | None = None) -> RedisStore:
    """Return the store; raises HarnessError where there is neither a URL nor a server to start."""
    return RedisStore(url)


def _read(row: Mapping[Any, Any]) -> dict[str, str]:
    return {_plain(key): _plain(value) for key, value in row.items()}


def _plain(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
