"""A bound scope: which calls may be made under it, and which records may come back."""

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from .mem0_client import (
    CASE,
    PUNCTUATION,
    Client,
    Stored,
    confused_by,
    dialect,
    fetch,
    list_all,
    list_everything,
    records,
    search,
)
from .mem0_private import PrivateTables, private_tables
from .refusals import ErasureIncomplete, IsolationError, RecordNotFoundError, ScopeError
from .scripts import Call, Script
from .user_ids import check_id, refuse_punctuation, refuse_upper_case

_IDENTITY = frozenset({"user_id", "agent_id", "app_id", "run_id", "actor_id", "org_id", "project_id", "session_id"})
_LOGIC = frozenset({"AND", "OR", "NOT"})


class Scope:
    """The ids that every call carries, and the calls themselves as scripts; what a wrapper is made of."""

    __slots__ = ("ids",)

    def __init__(self, user_id: str, agent_id: str | None) -> None:
        """Check the ids; raises TypeError or ScopeError."""
        self.ids = {"user_id": check_id(user_id, "user_id")}
        if agent_id is not None:
            self.ids["agent_id"] = check_id(agent_id, "agent_id")

    def check_store(self, client: Client) -> None:
        """Refuse ids that the store under the client is known to confuse."""
        confused = confused_by(client)
        for name, value in self.ids.items() if confused else ():
            if CASE in confused:
                refuse_upper_case(value, name)
            if PUNCTUATION in confused:
                refuse_punctuation(value, name)

    def add(self, client: Client, messages: object, options: dict[str, Any]) -> Script[Any]:
        """Store messages under the bound ids."""
        for name, value in options.items():
            if name == "metadata":
                _refuse_keys(value, "metadata")
            elif name in _IDENTITY or name == "filters":
                _refuse(name, "add")
        if isinstance(options.get("metadata"), Mapping):
            # mem0 wants plain dicts.
            options["metadata"] = dict(options["metadata"])
        if isinstance(messages, Mapping):
            messages = dict(messages)
        return (yield Call(client.add, (messages,), {**options, **self.ids}))

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
        if filters:
            _refuse_widening(filters)
        found = yield from search(
            client, dialect(client), query, self.ids, filters=filters, top_k=top_k, threshold=threshold
        )
        return _own(found, self.ids, "search")

    def get_all(self, client: Client, filters: Mapping[str, object] | None) -> Script[list[Stored]]:
        """List all under the bound ids."""
        if filters:
            _refuse_widening(filters)
        found = yield from list_all(client, dialect(client), self.ids, filters=filters)
        return _own(found, self.ids, "get_all")

    def get(self, client: Client, record_id: str) -> Script[Stored]:
        """Read a record of the bound ids; a foreign and an unknown id get the same error."""
        if not isinstance(record_id, str):
            msg = f"record_id must be a str, got {type(record_id).__name__}"
            raise TypeError(msg)
        record = yield from fetch(client, record_id)
        if record is None or any(record.get(name) != value for name, value in self.ids.items()):
            # From None: the store's own words could tell foreign from unknown.
            raise RecordNotFoundError from None
        return record

    def update(
        self, client: Client, record_id: str, text: str, metadata: Mapping[str, object] | None
    ) -> Script[object]:
        """Replace the text of a record of the bound ids."""
        options: dict[str, Any] = {dialect(client).text: text}
        if metadata:
            _refuse_keys(metadata, "metadata")
            options["metadata"] = dict(metadata)
        own = yield from self._own_id(client, record_id)
        return (yield Call(client.update, (own,), options))

    def delete(self, client: Client, record_id: str) -> Script[object]:
        """Remove a record of the bound ids, with its history."""
        own = yield from self._own_id(client, record_id)
        tables = private_tables(client)
        if tables is not None:
            yield Call(tables.open_entities, blocking=True)
        reply = yield Call(client.delete, (own,))
        if tables is not None:
            yield Call(tables.scrub_history, ([own],), blocking=True)
        return reply

    def delete_all(self, client: Client, ids: Mapping[str, str], *, verify: bool) -> Script[object]:
        """Remove all records under these ids and what mem0 keeps beside them."""
        tables = private_tables(client)
        if tables is not None:
            yield Call(tables.open_entities, blocking=True)
        record_ids: list[str] = []
        left: int | None = None
        reply: object = None
        # mem0 1.x stops at 100 records; also called where nothing is listed, for a store may hold what it hides.
        while left is None or left > 0:
            stored = _own((yield from list_everything(client, dialect(client), ids)), ids, "delete_all")
            if left is not None and len(stored) >= left:
                raise ErasureIncomplete([f"{len(stored)} records"])
            record_ids += [str(record["id"]) for record in stored]
            if stored or left is None:
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


def _own(found: list[Stored], ids: Mapping[str, str], operation: str) -> list[Stored]:
    for name, value in ids.items():
        for record in found:
            if record.get(name) != value:
                raise IsolationError(operation)
    return found


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


def _refuse_widening(filters: Mapping[str, object]) -> None:
    """Let filters narrow by metadata alone: mem0 merges identity keys and logic over the pinned id."""
    for key in _keys_within(filters):
        if key in _IDENTITY or key.upper().lstrip("$") in _LOGIC:
            _refuse(key, "filters")


def _refuse_keys(metadata: object, where: str) -> None:
    for key in _keys_within(metadata):
        if key in _IDENTITY:
            _refuse(key, where)


def _keys_within(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _keys_within(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _keys_within(inner)


def _refuse(key: str, where: str) -> NoReturn:
    msg = f"{key!r} in {where} would change whose records are meant; the scope was bound when ScopedMemory was made"
    raise ScopeError(msg)
