"""A bound scope: which calls may be made under it, and which records may come back."""

import re
from collections.abc import Mapping
from typing import Any

from ..base.refusals import ErasureIncomplete, IsolationError, RecordNotFoundError
from ..performing.scripts import Call, Script
from ..real_mem0.client import (
    CASE,
    PUNCTUATION,
    Client,
    Stored,
    confused_by,
    dialect,
    fetch,
    label,
    list_all,
    list_everything,
    records,
    search,
    store_of,
)
from ..real_mem0.private_tables import PrivateTables, private_tables
from . import given, operators
from .user_ids import check_id, refuse_punctuation, refuse_upper_case

# What stores give as ids: UUIDs, hex digits, numbers; in none of them a quote, a bracket or a blank.
_is_name = re.compile(r"[A-Za-z0-9_.:/%-]{1,256}").fullmatch


class Scope:
    """The ids that every call carries, and the calls themselves as scripts; what a wrapper is made of."""

    __slots__ = ("ids",)

    def __init__(self, user_id: str, agent_id: str | None, run_id: str | None) -> None:
        """Check the ids; raises TypeError or ScopeError."""
        self.ids = {"user_id": check_id(user_id, "user_id")}
        for name, value in (("agent_id", agent_id), ("run_id", run_id)):
            if value is not None:
                self.ids[name] = check_id(value, name)

    def check_store(self, client: Client) -> None:
        """Refuse ids that the store under the client is known to confuse."""
        confused = confused_by(client)
        for name, value in self.ids.items() if confused else ():
            if CASE in confused:
                refuse_upper_case(value, name)
            if PUNCTUATION in confused:
                refuse_punctuation(value, name)

    def own(self, found: list[Stored], ids: Mapping[str, str], operation: str) -> list[Stored]:
        """Return the records, each of which must carry the ids, else raise IsolationError: it fails closed."""
        for name, value in ids.items():
            for record in found:
                if label(record, name) != value:
                    raise IsolationError(operation)
        return found

    def add(self, client: Client, messages: object, options: dict[str, Any]) -> Script[Any]:
        """Store messages under the bound ids."""
        sent = given.options(options)
        what = given.messages(messages, as_is=not options.get("infer", True))
        return (yield Call(client.add, (what,), {**sent, **self.ids}))

    def search(
        self,
        client: Client,
        query: str,
        *,
        top_k: int | None,
        threshold: float | None,
        filters: Mapping[str, object] | None,
    ) -> Script[list[Stored]]:
        """Search under the bound ids; filters may narrow only."""
        query = given.text(query, "query")
        narrower = _narrower(client, filters)
        found = yield from search(
            client, dialect(client), query, self.ids, filters=narrower, top_k=top_k, threshold=threshold
        )
        return self.own(found, self.ids, "search")

    def get_all(self, client: Client, filters: Mapping[str, object] | None) -> Script[list[Stored]]:
        """List all under the bound ids."""
        narrower = _narrower(client, filters)
        found = yield from list_all(client, dialect(client), self.ids, filters=narrower)
        return self.own(found, self.ids, "get_all")

    def get(self, client: Client, record_id: str) -> Script[Stored]:
        """Read a record of the bound ids; a foreign and an unknown id get the same error."""
        if not isinstance(record_id, str):
            msg = f"record_id must be a str, got {type(record_id).__name__}"
            raise TypeError(msg)
        # Milvus reads an id as code: such a one names no record, and asking could tell of another's.
        record = (yield from fetch(client, record_id)) if _is_name(record_id) else None
        if record is None or any(label(record, name) != value for name, value in self.ids.items()):
            # From None: the store's own words could tell foreign from unknown.
            raise RecordNotFoundError from None
        return record

    def update(
        self, client: Client, record_id: str, text: str, metadata: Mapping[str, object] | None
    ) -> Script[object]:
        """Replace the text of a record of the bound ids."""
        options: dict[str, Any] = {dialect(client).text: given.text(text, "text")}
        added = None if metadata is None else given.metadata(metadata)
        if added:
            options["metadata"] = added
        own = yield from self._own_id(client, record_id)
        yield from _open_entities(private_tables(client))
        return (yield Call(client.update, (own,), options))

    def delete(self, client: Client, record_id: str) -> Script[object]:
        """Remove a record of the bound ids, with its history."""
        own = yield from self._own_id(client, record_id)
        tables = private_tables(client)
        yield from _open_entities(tables)
        reply = yield Call(client.delete, (own,))
        if tables is not None:
            yield Call(tables.scrub_history, ([own],), blocking=True)
        return reply

    def delete_all(self, client: Client, ids: Mapping[str, str], *, verify: bool) -> Script[object]:
        """Remove all records under these ids and what mem0 keeps beside them."""
        tables = private_tables(client)
        yield from _open_entities(tables)
        record_ids: list[str] = []
        left: int | None = None
        reply: object = None
        # A client may stop at 100 records; also called where nothing is listed, for a store may hold what it hides.
        while left is None or left > 0:
            stored = self.own((yield from list_everything(client, dialect(client), ids)), ids, "delete_all")
            if left is not None and len(stored) >= left:
                raise ErasureIncomplete([f"{len(stored)} records"])
            record_ids += [str(record["id"]) for record in stored]
            if tables is not None:
                reply = yield from _delete_each(client, stored)
            elif stored or left is None:
                reply = yield Call(client.delete_all, (), dict(ids))
            left = len(stored)
        if tables is not None:
            yield from _scrub(tables, record_ids, ids)
        if verify:
            yield from _verify(client, tables, record_ids, ids)
        return reply

    def history(self, client: Client, record_id: str) -> Script[list[Stored]]:
        """Read the earlier texts of a record of the bound ids."""
        own = yield from self._own_id(client, record_id)
        return records((yield Call(client.history, (own,))))

    def _own_id(self, client: Client, record_id: str) -> Script[str]:
        """Return the id as the store writes it: stores read ids in several spellings, history in one."""
        record = yield from self.get(client, record_id)
        return str(record.get("id", record_id))


def _narrower(client: Client, filters: Mapping[str, object] | None) -> dict[str, Any] | None:
    """Return the filters as they may be sent to the store under this client."""
    if filters is None:
        return None
    checked = given.filters(filters)
    operators.check(checked, store_of(client))
    return checked


def _delete_each(client: Client, stored: list[Stored]) -> Script[object]:
    """Delete record by record, as mem0's own delete_all does, which up to 1.0.5 then empties the whole store."""
    for record in stored:
        try:
            yield Call(client.delete, (record["id"],))
        except Exception:
            # Somebody else may have deleted it in the meantime.
            if (yield from fetch(client, record["id"])) is not None:
                raise
    return {"message": "Memories deleted successfully!"}


def _open_entities(tables: PrivateTables | None) -> Script[None]:
    """Open mem0's entity store: in a process that never did, mem0 leaves the entities of what goes where they are."""
    if tables is not None:
        yield Call(tables.open_entities, blocking=True)


def _scrub(tables: PrivateTables, record_ids: list[str], ids: Mapping[str, str]) -> Script[None]:
    yield Call(tables.scrub_history, (record_ids,), blocking=True)
    yield Call(tables.scrub_messages, (ids,), blocking=True)
    yield Call(tables.scrub_entities, (ids,), blocking=True)


def _verify(
    client: Client, tables: PrivateTables | None, record_ids: list[str], ids: Mapping[str, str]
) -> Script[None]:
    """Raise ErasureIncomplete unless it can be seen that nothing is left."""
    leftovers = getattr(client, "leftovers", None) if tables is None else tables.leftovers
    if leftovers is None:
        raise ErasureIncomplete(None)
    left = yield Call(leftovers, (record_ids, ids), blocking=True)
    if left:
        raise ErasureIncomplete(left)
