"""LangGraph's PostgresStore in a schema of its own: on a private PostgreSQL, or on the user's at a URL."""

import secrets
from contextlib import ExitStack
from typing import Any, ClassVar
from urllib.parse import quote

from ...model.keys import SEGMENTS
from ...real_mem0.postgres import PostgresStore as Postgres
from ..meaning import INDEX
from . import BackEnd, Kept

KIND = "store"
# LangGraph's default, HNSW, takes the nearest of all users' before it filters: some of one's own are then not found.
_EXACT: Any = {**INDEX, "ann_index_config": {"kind": "flat"}}
_TABLES = "store_vectors, store"


class PostgresStores(BackEnd):
    """One schema, whose tables are emptied for each world."""

    keys: ClassVar[str] = SEGMENTS
    module: ClassVar[str] = "langgraph.store.postgres"
    extra: ClassVar[str] = "kv"
    refuses: ClassVar[tuple[str, ...]] = ("langgraph.store.base.InvalidNamespaceError",)
    server: ClassVar[str] = "postgresql://localhost/test"

    def __init__(self, url: str | None = None) -> None:
        """See `BackEnd`; raises HarnessError where there is neither a URL nor a server to start, too."""
        super().__init__(url)
        self._server = Postgres(url)
        self._schema = f"memfence_{secrets.token_hex(4)}"
        self._ending = ExitStack()
        self._store: Any = None

    def open(self) -> Any:  # noqa: ANN401 - a BaseStore
        """Return a store with empty tables."""
        if self._store is None:
            self._store = self._reached()
        return self._store

    def close(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Empty the tables."""
        place.conn.execute(f"TRUNCATE {_TABLES}")

    def storage(self, place: Any) -> Kept:  # noqa: ANN401 - as above
        """Return every row."""
        rows = place.conn.execute("SELECT prefix, key, value::text AS value FROM store").fetchall()
        return {"store rows": [f"{row['prefix']} {row['key']}: {row['value']}" for row in rows]}

    def stop(self) -> None:
        """Remove the schema, and stop the server that was started."""
        self._store = None
        self._ending.close()
        self._server.stop()

    def _reached(self) -> Any:  # noqa: ANN401 - as above
        import psycopg  # noqa: PLC0415 - an extra
        from langgraph.store.postgres import PostgresStore  # noqa: PLC0415 - an extra

        self._server.reach()
        address = self._server.address
        with psycopg.connect(address, autocommit=True) as connection:
            # In the schema that all see: a type that is there already is not made again.
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            connection.execute(f"CREATE SCHEMA {self._schema}")
        self._ending.callback(self._drop, address)
        store = self._ending.enter_context(PostgresStore.from_conn_string(self._within(address), index=_EXACT))
        store.setup()
        return store

    def _within(self, address: str) -> str:
        path = quote(f"-c search_path={self._schema},public -c synchronous_commit=off")
        kept, _, _ = address.partition("options=")
        return f"{kept}{'' if kept.endswith(('?', '&')) else '&' if '?' in kept else '?'}options={path}"

    def _drop(self, address: str) -> None:
        import psycopg  # noqa: PLC0415 - an extra

        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")


def open_back_end(url: str | None) -> PostgresStores:
    """Return the back end; raises HarnessError where there is neither a URL nor a server to start."""
    return PostgresStores(url)
