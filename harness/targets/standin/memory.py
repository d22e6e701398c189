"""The `mem0.Memory` under the stand-in, asked in the contract's words."""

import inspect
from collections.abc import Mapping
from typing import Any

from ...performing.scripts import perform
from ...real_mem0.client import Client, Stored, dialect, is_expired, list_everything, records
from ...real_mem0.private_tables import private_tables
from .entities import NAMES

# What nobody stores here.
_ALL = 100_000


class StoredMemories:
    """What the routes do with the memory underneath."""

    def __init__(self, memory: Client) -> None:
        """Take the memory; mem0 2.x, whose `search` takes the scope in its filters."""
        self._memory = memory
        self._shows_expired = "show_expired" in inspect.signature(memory.search).parameters
        # History rows name nobody; whose a record is that is gone, only who added it could say.
        self._owners: dict[str, dict[str, str]] = {}

    def add(self, messages: list[dict[str, Any]], ids: Mapping[str, str], **options: Any) -> Stored:  # noqa: ANN401 - mem0's own
        """Store messages; return mem0's own reply."""
        reply: Stored = self._memory.add(messages, **ids, **options)
        for one in reply["results"]:
            self._owners[str(one["id"])] = dict(ids)
        return reply

    def listed(self, filters: Mapping[str, Any], *, show_expired: bool) -> list[Stored]:
        """Return all records under the filters, the newest first."""
        found = perform(list_everything(self._memory, dialect(self._memory), filters))
        live = found if show_expired else [one for one in found if not is_expired(one)]
        return sorted(live, key=lambda one: (str(one.get("created_at")), str(one["id"])), reverse=True)

    def found(
        self, query: str, filters: Mapping[str, Any], *, top_k: int, threshold: float, show_expired: bool
    ) -> list[Stored]:
        """Return the records nearest to the query."""
        more = {"show_expired": True} if show_expired and self._shows_expired else {}
        return records(self._memory.search(query, filters=dict(filters), top_k=top_k, threshold=threshold, **more))

    def one(self, record_id: str) -> Stored | None:
        """Return the record with this id, whoever owns it; None where there is none."""
        found: Stored | None = self._memory.get(record_id)
        return found

    def change(self, record_id: str, changes: Mapping[str, Any]) -> None:
        """Change a record."""
        self._memory.update(record_id, **changes)

    def remove(self, record_id: str) -> None:
        """Remove a record; its history stays."""
        self._memory.delete(record_id)

    def remove_all(self, ids: Mapping[str, str]) -> None:
        """Remove the records under these ids, and the last messages of their scope; `*` is anybody, as mem0 has it."""
        self._memory.delete_all(**ids)
        self._forget_messages({name: value for name, value in ids.items() if value != "*"})

    def remove_entity(self, kind: str, name: str) -> None:
        """Remove the records of an entity, taken literally, and the last messages of its scopes."""
        for record in self.everything():
            if record.get(NAMES[kind]) == name:
                self._memory.delete(record["id"])
        self._forget_messages({NAMES[kind]: name})

    def changes(self, record_id: str) -> tuple[list[Stored], dict[str, str]]:
        """Return the rows of a record's history, and the ids that it was added under."""
        rows: list[Stored] = self._memory.history(record_id)
        return rows, self._owners.get(record_id, {})

    def everything(self) -> list[Stored]:
        """Return all records, whoever owns them."""
        listed = self._memory.vector_store.list(filters=None, top_k=_ALL)
        return [{**point.payload, "id": str(point.id)} for point in listed[0]]

    def _forget_messages(self, scope: Mapping[str, str]) -> None:
        tables = private_tables(self._memory)
        if tables is not None:
            tables.scrub_messages(scope)
