"""ScopedMemory: one user's memory, and no way to any other's."""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from ..mem0_client import (
    Client,
    Dialect,
    Stored,
    dialect,
    fetch,
    folds_case,
    list_all,
    list_everything,
    platform_client,
    records,
    search,
)
from ..refusals import ErasureIncomplete, IsolationError, RecordNotFoundError, ScopeError
from ..user_ids import check_id, refuse_upper_case

_IDENTITY = frozenset({"user_id", "agent_id", "app_id", "run_id", "actor_id", "org_id", "project_id", "session_id"})
_LOGIC = frozenset({"AND", "OR", "NOT"})


class ScopedMemory:
    """A mem0 memory bound to one user when it is made: the correct call is the only call there is.

    `ScopedMemory("u_alice")` talks to the mem0 platform with `MEM0_API_KEY`; with `client=` any mem0 client serves
    (`Memory`, `MemoryClient`, of 1.x or 2.x). With `agent_id` everything sees and deletes only that user and agent.

    Every record that comes back must carry the bound ids, else IsolationError: it fails closed. Calls by record
    id ask for the record first; between that check and the act, another process may replace the record (ids are
    random, so only one that is reused would matter). Raises TypeError or ScopeError for ids that are unsafe.
    """

    __slots__ = ("_client", "_dialect", "_scope")

    def __init__(self, user_id: str, *, client: Client | None = None, agent_id: str | None = None) -> None:
        """Bind the user, and the agent where one is given."""
        scope = {"user_id": check_id(user_id, "user_id")}
        if agent_id is not None:
            scope["agent_id"] = check_id(agent_id, "agent_id")
        self._scope = scope
        self._client = client
        self._dialect: Dialect | None = None
        if client is not None:
            self._dialect = dialect(client)
            if folds_case(client):
                for name, value in scope.items():
                    refuse_upper_case(value, name)

    @property
    def user_id(self) -> str:
        """The bound user."""
        return self._scope["user_id"]

    @property
    def agent_id(self) -> str | None:
        """The bound agent, None where all of the user's records are meant."""
        return self._scope.get("agent_id")

    def __repr__(self) -> str:
        """Show the scope."""
        bound = f", agent_id={self.agent_id!r}" if self.agent_id else ""
        return f"ScopedMemory({self.user_id!r}{bound})"

    def add(
        self,
        messages: str | Mapping[str, str] | list[dict[str, str]],
        *,
        infer: bool = True,
        metadata: Mapping[str, object] | None = None,
        **options: object,
    ) -> Any:  # noqa: ANN401 - mem0's reply, unchanged
        """Store messages for the bound user; further options go to mem0. Returns mem0's own reply."""
        if options:
            _refuse_identity(options, "add")
        if metadata:
            _refuse_identity(metadata, "metadata")
            options["metadata"] = metadata
        client, _ = self._connect()
        return client.add(messages, **self._scope, infer=infer, **options)

    def search(
        self,
        query: str,
        *,
        top_k: int | None = None,
        threshold: float | None = None,
        filters: Mapping[str, object] | None = None,
    ) -> list[Stored]:
        """Return the bound user's records nearest to the query; `filters` may narrow, never widen.

        `threshold` is a similarity from 0 to 1; None leaves mem0's own, 0.1 since 2.0.
        """
        if filters:
            _refuse_widening(filters)
        client, how = self._connect()
        return self._own(
            search(client, how, query, self._scope, filters=filters, top_k=top_k, threshold=threshold), "search"
        )

    def get_all(self, *, filters: Mapping[str, object] | None = None) -> list[Stored]:
        """Return all of the bound user's records; raises Truncated rather than a short list."""
        if filters:
            _refuse_widening(filters)
        client, how = self._connect()
        return self._own(list_all(client, how, self._scope, filters=filters), "get_all")

    def get(self, record_id: str) -> Stored:
        """Return one record; a foreign id and an unknown id raise the same RecordNotFoundError."""
        client, _ = self._connect()
        return self._owned(client, record_id)

    def update(self, record_id: str, text: str, *, metadata: Mapping[str, object] | None = None) -> object:
        """Replace a record's text; the earlier text stays in this user's own history."""
        options: dict[str, object] = {}
        if metadata:
            _refuse_identity(metadata, "metadata")
            options["metadata"] = metadata
        client, how = self._connect()
        self._owned(client, record_id)
        return client.update(record_id, **{how.text: text}, **options)

    def delete(self, record_id: str) -> object:
        """Remove a record."""
        client, _ = self._connect()
        self._owned(client, record_id)
        return client.delete(record_id)

    def delete_all(self) -> object:
        """Remove all records of the bound scope; mem0 1.x stops at 100, so it is asked until none is left.

        Raises ErasureIncomplete where some stay.
        """
        client, how = self._connect()
        left: int | None = None
        while True:
            reply = client.delete_all(**self._scope)
            remaining = len(self._own(list_everything(client, how, self._scope), "delete_all"))
            if not remaining:
                return reply
            if left is not None and remaining >= left:
                raise ErasureIncomplete(left=remaining)
            left = remaining

    def history(self, record_id: str) -> list[Stored]:
        """Return a record's earlier texts, oldest first."""
        client, _ = self._connect()
        self._owned(client, record_id)
        return records(client.history(record_id))

    def _connect(self) -> tuple[Client, Dialect]:
        if self._dialect is not None:
            return self._client, self._dialect
        client = platform_client()
        return client, dialect(client)

    def _own(self, found: list[Stored], operation: str) -> list[Stored]:
        for name, value in self._scope.items():
            for record in found:
                if record.get(name) != value:
                    raise IsolationError(operation)
        return found

    def _owned(self, client: Client, record_id: str) -> Stored:
        record = fetch(client, record_id)
        if record is None or any(record.get(name) != value for name, value in self._scope.items()):
            # From None: the store's own words could tell foreign from unknown.
            raise RecordNotFoundError from None
        return record


def _refuse_widening(filters: Mapping[str, object]) -> None:
    """Let filters narrow by metadata alone: mem0 merges identity keys and logic over the pinned id."""
    for key in _keys_within(filters):
        if key in _IDENTITY or key.upper().lstrip("$") in _LOGIC:
            _refuse(key, "filters")


def _refuse_identity(options: Mapping[str, object], where: str) -> None:
    for key in _keys_within(options):
        if key in _IDENTITY:
            _refuse(key, where)


def _keys_within(value: object) -> Iterable[str]:
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
