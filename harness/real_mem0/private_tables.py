"""mem0's private tables: what it keeps of a record beside the record, for which it offers no public way.

The history database keeps each text twice (`history`) and, since 2.0, each scope's last ten messages (`messages`),
which go into the next extraction prompt; the entity collection keeps names taken from records. Source: mem0's
storage.py and main.py, 1.0 to 2.2; tests run it on each supported minor release.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from .client import Client

_CHUNK = 500
_ENTITIES = 10_000


class PrivateTables:
    """The tables beside the records of one open `Memory` or `AsyncMemory`; None of it is mem0's public interface."""

    def __init__(self, client: Client) -> None:
        """Take mem0's own object; see `private_tables`."""
        self._client = client
        self._db = client.db

    def open_entities(self) -> None:
        """Touch the entity store: mem0 skips its own clean-up in a process that never opened it."""
        getattr(self._client, "entity_store", None)

    def scrub_history(self, record_ids: Iterable[str]) -> None:
        """Remove these records' earlier texts."""
        with self._transaction() as execute:
            for marks, chunk in _chunks(record_ids):
                execute(f"DELETE FROM history WHERE memory_id IN ({marks})", chunk)  # noqa: S608 - question marks only

    def scrub_messages(self, scope: Mapping[str, str]) -> None:
        """Remove the last messages of every scope that names these ids."""
        keys = self._message_keys(scope)
        if not keys:
            return
        with self._transaction() as execute:
            for marks, chunk in _chunks(keys):
                execute(f"DELETE FROM messages WHERE session_scope IN ({marks})", chunk)  # noqa: S608 - as above

    def scrub_entities(self, scope: Mapping[str, str]) -> None:
        """Remove the entities of this scope."""
        for row in self._entities(scope):
            self._client.entity_store.delete(vector_id=row.id)

    def leftovers(self, record_ids: Iterable[str], scope: Mapping[str, str]) -> list[str]:
        """Say what is still there of these records and this scope: `3 rows of history`."""
        history = 0
        with self._db._lock:  # noqa: SLF001 - private, as the whole file
            for marks, chunk in _chunks(record_ids):
                query = f"SELECT count(*) FROM history WHERE memory_id IN ({marks})"  # noqa: S608 - as above
                history += self._db.connection.execute(query, chunk).fetchone()[0]
        counts = {
            "rows of history": history,
            "scopes of messages": len(self._message_keys(scope)),
            "entities": len(self._entities(scope)),
        }
        return [f"{count} {what}" for what, count in counts.items() if count]

    def _message_keys(self, scope: Mapping[str, str]) -> list[str]:
        with self._db._lock:  # noqa: SLF001 - as above
            if not self._has_table("messages"):
                return []
            keys = [row[0] for row in self._db.connection.execute("SELECT DISTINCT session_scope FROM messages")]
        return [key for key in keys if _names(key, scope)]

    def _has_table(self, name: str) -> bool:
        query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        return self._db.connection.execute(query, (name,)).fetchone() is not None

    def _entities(self, scope: Mapping[str, str]) -> list[Any]:
        store = getattr(self._client, "entity_store", None)
        if store is None:
            return []
        listed = store.list(filters=dict(scope), top_k=_ENTITIES)
        rows = listed[0] if isinstance(listed, (list, tuple)) and listed and isinstance(listed[0], list) else listed
        return list(rows or [])

    @contextmanager
    def _transaction(self) -> Iterator[Callable[..., object]]:
        with self._db._lock:  # noqa: SLF001 - as above
            connection = self._db.connection
            connection.execute("BEGIN")
            try:
                yield connection.execute
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def private_tables(client: Client) -> PrivateTables | None:
    """Return the tables of mem0's own in-process client; None for the platform and for foreign clients."""
    db = getattr(client, "db", None)
    if getattr(db, "connection", None) is None or not hasattr(db, "_lock"):
        return None
    return PrivateTables(client)


def _names(key: str, scope: Mapping[str, str]) -> bool:
    """Tell whether a message scope such as `agent_id=cook&user_id=u_alice` holds each of these ids."""
    parts = dict(part.partition("=")[::2] for part in key.split("&"))
    return all(unquote(parts.get(name, "")) == value for name, value in scope.items())


def _chunks(values: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield (question marks, values), since SQLite bounds the number of values in a statement."""
    known = list(values)
    for start in range(0, len(known), _CHUNK):
        chunk = known[start : start + _CHUNK]
        yield ",".join("?" * len(chunk)), chunk
