"""A store that isolates perfectly, in one SQLite file that several processes open: the control of the sweep itself."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from ...judging.stored_rows import Row
from ...plans.crowds import AGENT
from ..crowded_store import CrowdedStore, Index, Planted
from ..reference_client import ReferenceClient

# How long, in seconds, one process waits for another's writing.
_PATIENCE = 60
_ROWS = 'SELECT id, user_id, text FROM "{}"'


class RowClient(ReferenceClient):
    """The reference, with its records in a table; what is said beside them is not kept."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        """Take the table."""
        self._connection = connection
        self._table = table
        self._one_at_a_time = threading.Lock()
        super().__init__()

    def execute(self, statement: str, *values: object) -> list[Any]:
        """Run a statement to its end, and return its rows.

        One that is begun while another thread still reads goes on from what that one sees: where another process has
        written since, SQLite refuses to write at once, and waits for nothing.
        """
        with self._one_at_a_time:
            return self._connection.execute(statement, values).fetchall()

    def reset(self) -> None:
        """Do nothing: the records are a crowd's."""
        self._history = {}
        self._messages = {}

    def add(self, messages: Any, *, user_id: str | None = None, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - as the reference takes them
        """Store a text under an id of its own."""
        del options
        record_id = str(uuid4())
        self.execute(f'INSERT INTO "{self._table}" VALUES (?, ?, ?)', record_id, user_id, messages)  # noqa: S608 - our own table
        return {"results": [{"id": record_id, "memory": messages, "event": "ADD"}]}

    def get(self, memory_id: str) -> dict[str, Any] | None:
        """Return a record, whoever owns it, as mem0 does."""
        return next(map(_record, self._rows("WHERE id = ?", memory_id)), None)

    def delete(self, memory_id: str) -> dict[str, str]:
        """Remove a record."""
        self._known(memory_id)
        self.execute(f'DELETE FROM "{self._table}" WHERE id = ?', memory_id)  # noqa: S608 - as above
        return {"message": "Memory deleted successfully!"}

    def tables(self) -> dict[str, list[str]]:
        """Return nothing: a crowd is read by its rows."""
        return {}

    def _known(self, memory_id: str) -> dict[str, Any]:
        found = self.get(memory_id)
        if found is None:
            msg = f"Memory with id {memory_id} not found"
            raise ValueError(msg)
        return found

    def _matching(self, filters: Mapping[str, object]) -> Iterator[dict[str, Any]]:
        user = filters.get("user_id")
        found = self._rows("") if user is None else self._rows("WHERE user_id = ?", user)
        return (record for record in map(_record, found) if all(record.get(k) == v for k, v in filters.items()))

    def _rows(self, where: str, *values: object) -> Iterable[Row]:
        return self.execute(f"{_ROWS.format(self._table)} {where}", *values)


class ReferenceCrowd(CrowdedStore):
    """A table of three columns, always with an index on the user id."""

    files = ("reference.sqlite", "reference.sqlite-wal", "reference.sqlite-shm")
    notes = ("the reference keeps texts in SQLite and embeds nothing: its speed says nothing of a real store's",)
    over_mem0 = False

    @classmethod
    def serve(cls, folder: str, url: str | None) -> str:
        """Return the file; it needs no server."""
        return url or str(Path(folder) / "reference.sqlite")

    @classmethod
    def stop(cls, folder: str, url: str | None) -> None:
        """Do nothing."""

    def prepare(self) -> dict[str, Any]:
        """Make the table."""
        table = self.where.collection
        self.client._connection.execute("PRAGMA journal_mode = WAL")  # noqa: SLF001 - ours
        for statement in (
            f'CREATE TABLE IF NOT EXISTS "{table}" (id TEXT PRIMARY KEY, user_id TEXT, text TEXT)',
            f'CREATE INDEX IF NOT EXISTS "{table}_user" ON "{table}" (user_id)',
        ):
            self._execute(statement)
        return {}

    @property
    def client(self) -> RowClient:
        """The reference's client."""
        if not hasattr(self, "_client"):
            # Threads of one process ask one after the other.
            connection = sqlite3.connect(
                self.where.address, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA synchronous = OFF")
            self._client = RowClient(connection, self.where.collection)
        return self._client

    @contextmanager
    def holding(self, lock: int) -> Iterator[object]:
        """Write alone: SQLite has one lock for all."""
        del lock
        self._execute("BEGIN IMMEDIATE")
        try:
            yield None
        except BaseException:
            self._execute("ROLLBACK")
            raise
        self._execute("COMMIT")

    def plant(self, rows: Sequence[Planted]) -> None:
        """Insert what is not there."""
        statement = f'INSERT OR IGNORE INTO "{self.where.collection}" VALUES (?, ?, ?)'  # noqa: S608 - our own table
        self.client._connection.executemany(statement, [(str(one), label, text) for one, label, text in rows])  # noqa: SLF001 - ours

    def of(self, label: str) -> list[Row]:
        """Look by the label."""
        return self._execute(f"{_ROWS.format(self.where.collection)} WHERE user_id = ?", label)

    def extent(self) -> int:
        """Return how many row numbers were given."""
        ((last,),) = self._execute(f'SELECT max(rowid) FROM "{self.where.collection}"')  # noqa: S608 - our own table
        return int(last or 0) + 1

    def rows(self, first: int, count: int | None) -> Iterator[Row]:
        """Read by row numbers."""
        statement = f"{_ROWS.format(self.where.collection)} WHERE rowid >= ?"
        statement += "" if count is None else f" AND rowid < {first + count}"
        yield from self.client._connection.execute(statement, (first,))  # noqa: SLF001 - ours

    def check(self) -> None:
        """Ask for one row's number."""
        self._execute(f'SELECT rowid FROM "{self.where.collection}" LIMIT 1')  # noqa: S608 - our own table

    def size(self) -> int:
        """Return what the file takes."""
        ((pages,),), ((each,),) = self._execute("PRAGMA page_count"), self._execute("PRAGMA page_size")
        return int(pages) * int(each)

    def arrange(self, index: Index) -> None:
        """Do nothing: it has one index."""

    @contextmanager
    def alone(self) -> Iterator[Self]:
        """Make a table of its own, in a file of its own."""
        place = type(self)(replace(self.where, address=":memory:", collection="alone"))
        place.prepare()
        try:
            yield place
        finally:
            place.close()

    def remove(self) -> int:
        """Drop the table."""
        self._execute(f'DROP TABLE IF EXISTS "{self.where.collection}"')
        return len(self._execute("SELECT name FROM sqlite_master WHERE name = ?", self.where.collection))

    def close(self) -> None:
        """Close the file."""
        if hasattr(self, "_client"):
            self._client._connection.close()  # noqa: SLF001 - ours
            del self._client

    def _execute(self, statement: str, *values: object) -> list[Any]:
        return self.client.execute(statement, *values)


def _record(row: Row) -> dict[str, Any]:
    record_id, user_id, text = row
    return {"id": record_id, "memory": text, "metadata": None, "user_id": user_id, "agent_id": AGENT}


STORE = ReferenceCrowd
