"""ScopedMemory: one user's memory, and no way to any other's."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ...performing.scripts import perform, perform_async
from ...real_mem0.client import Client, Stored, async_platform_client, dialect, platform_client
from ..scope import Scope


class _Bound:
    """What both wrappers hold: the bound scope and the client, and nothing else."""

    __slots__ = ("_client", "_scope")

    _awaits: ClassVar[bool]

    def __init__(
        self, user_id: str, *, client: Client | None = None, agent_id: str | None = None, run_id: str | None = None
    ) -> None:
        """Bind the user, and the agent and the run where they are given."""
        self._scope = Scope(user_id, agent_id, run_id)
        self._client = client
        if client is not None:
            awaits = dialect(client).awaits
            if awaits is not self._awaits:
                other = "AsyncScopedMemory" if awaits else "ScopedMemory"
                msg = f"{type(client).__name__} is for {other}, got {type(self).__name__}"
                raise TypeError(msg)
            self._scope.check_store(client)

    @property
    def user_id(self) -> str:
        """The bound user."""
        return self._scope.ids["user_id"]

    @property
    def agent_id(self) -> str | None:
        """The bound agent, None where the records of all of them are meant."""
        return self._scope.ids.get("agent_id")

    @property
    def run_id(self) -> str | None:
        """The bound run, None where the records of all of them are meant."""
        return self._scope.ids.get("run_id")

    def __repr__(self) -> str:
        """Show the scope."""
        within = {name: value for name, value in self._scope.ids.items() if name != "user_id"}
        bound = "".join(f", {name}={value!r}" for name, value in within.items())
        return f"{type(self).__name__}({self.user_id!r}{bound})"


class ScopedMemory(_Bound):
    """A mem0 memory bound to one user when it is made: the correct call is the only call there is.

    `ScopedMemory("u_alice")` talks to the mem0 platform with `MEM0_API_KEY`; with `client=` any mem0 client serves
    (`Memory`, `MemoryClient`, of 1.x or 2.x). With `agent_id` and `run_id` everything sees and deletes only that
    user's records of that agent and run.

    Every record that comes back must carry the bound ids, else IsolationError: it fails closed. Calls by record
    id ask for the record first; between that check and the act, another process may replace the record (ids are
    random, so only one that is reused would matter). Raises TypeError or ScopeError for ids that are unsafe.
    Safe under threads where the client is.
    """

    __slots__ = ()

    _awaits = False

    def add(
        self,
        messages: str | Mapping[str, str] | list[dict[str, str]],
        *,
        infer: bool = True,
        metadata: Mapping[str, object] | None = None,
        **options: object,
    ) -> Any:  # noqa: ANN401 - mem0's reply, unchanged
        """Store messages for the bound user; further options go to mem0. Returns mem0's own reply.

        Raises ScopeError for options and metadata that carry an identity, TypeError or ValueError for what mem0
        would refuse only after it has stored some of it; nothing was sent then. What fails inside mem0 later may
        leave a part of it stored, for this user alone: mem0 has no transactions.
        """
        options = _with(options, infer=infer, metadata=metadata)
        return perform(self._scope.add(self._at_hand(), messages, options))

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
        client = self._at_hand()
        return perform(self._scope.search(client, query, top_k=top_k, threshold=threshold, filters=filters))

    def get_all(self, *, filters: Mapping[str, object] | None = None) -> list[Stored]:
        """Return all records of the bound scope; raises Truncated rather than a short list."""
        return perform(self._scope.get_all(self._at_hand(), filters))

    def get(self, record_id: str) -> Stored:
        """Return one record; a foreign id and an unknown id raise the same RecordNotFoundError."""
        return perform(self._scope.get(self._at_hand(), record_id))

    def update(self, record_id: str, text: str, *, metadata: Mapping[str, object] | None = None) -> object:
        """Replace a record's text; the earlier text stays in this user's own history until it is deleted."""
        return perform(self._scope.update(self._at_hand(), record_id, text, metadata))

    def delete(self, record_id: str) -> object:
        """Remove a record, and its history at once."""
        return perform(self._scope.delete(self._at_hand(), record_id))

    def delete_all(self, *, verify: bool = True) -> object:
        """Remove all records of the bound scope, their history, the scope's last messages and its entities.

        Then look that nothing is left: raises ErasureIncomplete with what is, or, on the platform and on foreign
        clients, because it cannot be verified; `verify=False` takes their word. What was deleted around
        ScopedMemory left a history that is out of its reach.
        """
        return perform(self._scope.delete_all(self._at_hand(), self._scope.ids, verify=verify))

    def erase_user(self, *, verify: bool = True) -> object:
        """Do as `delete_all`, across all of the user's agents and runs."""
        return perform(self._scope.delete_all(self._at_hand(), {"user_id": self.user_id}, verify=verify))

    def history(self, record_id: str) -> list[Stored]:
        """Return a record's earlier texts, oldest first."""
        return perform(self._scope.history(self._at_hand(), record_id))

    def _at_hand(self) -> Client:
        return platform_client() if self._client is None else self._client


class AsyncScopedMemory(_Bound):
    """ScopedMemory for `AsyncMemory` and `AsyncMemoryClient`: the same calls, awaited."""

    __slots__ = ()

    _awaits = True

    async def add(
        self,
        messages: str | Mapping[str, str] | list[dict[str, str]],
        *,
        infer: bool = True,
        metadata: Mapping[str, object] | None = None,
        **options: object,
    ) -> Any:  # noqa: ANN401 - as above
        """See `ScopedMemory.add`."""
        options = _with(options, infer=infer, metadata=metadata)
        return await perform_async(self._scope.add(await self._at_hand(), messages, options))

    async def search(
        self,
        query: str,
        *,
        top_k: int | None = None,
        threshold: float | None = None,
        filters: Mapping[str, object] | None = None,
    ) -> list[Stored]:
        """See `ScopedMemory.search`."""
        client = await self._at_hand()
        return await perform_async(self._scope.search(client, query, top_k=top_k, threshold=threshold, filters=filters))

    async def get_all(self, *, filters: Mapping[str, object] | None = None) -> list[Stored]:
        """See `ScopedMemory.get_all`."""
        return await perform_async(self._scope.get_all(await self._at_hand(), filters))

    async def get(self, record_id: str) -> Stored:
        """See `ScopedMemory.get`."""
        return await perform_async(self._scope.get(await self._at_hand(), record_id))

    async def update(self, record_id: str, text: str, *, metadata: Mapping[str, object] | None = None) -> object:
        """See `ScopedMemory.update`."""
        return await perform_async(self._scope.update(await self._at_hand(), record_id, text, metadata))

    async def delete(self, record_id: str) -> object:
        """See `ScopedMemory.delete`."""
        return await perform_async(self._scope.delete(await self._at_hand(), record_id))

    async def delete_all(self, *, verify: bool = True) -> object:
        """See `ScopedMemory.delete_all`."""
        return await perform_async(self._scope.delete_all(await self._at_hand(), self._scope.ids, verify=verify))

    async def erase_user(self, *, verify: bool = True) -> object:
        """See `ScopedMemory.erase_user`."""
        ids = {"user_id": self.user_id}
        return await perform_async(self._scope.delete_all(await self._at_hand(), ids, verify=verify))

    async def history(self, record_id: str) -> list[Stored]:
        """See `ScopedMemory.history`."""
        return await perform_async(self._scope.history(await self._at_hand(), record_id))

    async def _at_hand(self) -> Client:
        return await async_platform_client() if self._client is None else self._client


def _with(options: dict[str, object], *, infer: bool, metadata: object) -> dict[str, object]:
    return {**options, "infer": infer, **({} if metadata is None else {"metadata": metadata})}


def wrap(client: Client) -> Callable[..., ScopedMemory]:
    """Bind each user in ScopedMemory, made by this project."""

    def make_memory(user_id: str, *, agent_id: str | None = None, run_id: str | None = None) -> ScopedMemory:
        return ScopedMemory(user_id, client=client, agent_id=agent_id, run_id=run_id)

    return make_memory


def wrap_async(client: Client) -> Callable[..., AsyncScopedMemory]:
    """Bind each user in AsyncScopedMemory, over an asynchronous client."""

    def make_memory(user_id: str, *, agent_id: str | None = None, run_id: str | None = None) -> AsyncScopedMemory:
        return AsyncScopedMemory(user_id, client=client, agent_id=agent_id, run_id=run_id)

    return make_memory
