"""The plain client: ids passed by hand on each call, nothing checked. What ScopedMemory replaces."""

from collections.abc import Callable, Mapping
from typing import Any

from ...performing.scripts import Script, perform, perform_async
from ...real_mem0.client import Client, dialect, list_all, search


class PlainMemory:
    """mem0 as a developer calls it directly: `write`, `read` and `erase` are the ids sent with each kind of call.

    Over an asynchronous client, all that the methods return is to be awaited.
    """

    def __init__(
        self, client: Client, *, write: Mapping[str, str], read: Mapping[str, str], erase: Mapping[str, str]
    ) -> None:
        """Take the ids that go with add, with search and get_all, and with delete_all."""
        self._client = client
        self._dialect = dialect(client)
        self._write = write
        self._read = read
        self._erase = erase

    def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - mem0's reply, unchanged
        """Store a text."""
        return self._client.add(text, **self._write, infer=infer, **_given(metadata))

    def search(
        self,
        query: str,
        *,
        top_k: int | None = None,
        threshold: float | None = None,
        filters: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - a list of records, or what awaits to it
        """Search with whatever ids `read` holds."""
        ids, beside = self._merged(filters)
        return self._perform(
            search(self._client, self._dialect, query, ids, filters=beside, top_k=top_k, threshold=threshold)
        )

    def get_all(self, *, filters: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - as search
        """List with whatever ids `read` holds."""
        ids, beside = self._merged(filters)
        return self._perform(list_all(self._client, self._dialect, ids, filters=beside))

    def get(self, record_id: str) -> Any:  # noqa: ANN401 - as add
        """Read a record, anybody's."""
        return self._client.get(record_id)

    def update(self, record_id: str, text: str, metadata: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - as add
        """Change a record, anybody's."""
        more = _given(metadata) if self._dialect.updates_metadata else {}
        return self._client.update(record_id, **{self._dialect.text: text}, **more)

    def delete(self, record_id: str) -> Any:  # noqa: ANN401 - as add
        """Remove a record, anybody's."""
        return self._client.delete(record_id)

    def delete_all(self) -> Any:  # noqa: ANN401 - as add
        """Remove everything under the ids that `erase` holds."""
        return self._client.delete_all(**self._erase)

    def history(self, record_id: str) -> Any:  # noqa: ANN401 - as add
        """Read a record's earlier texts, anybody's."""
        return self._client.history(record_id)

    def _merged(self, filters: Mapping[str, Any] | None) -> tuple[dict[str, object], Mapping[str, Any] | None]:
        """Return the ids, and the filters that go beside them; in one dict the caller's come last, and win."""
        if self._dialect.scope_in_filters:
            return {**self._read, **(filters or {})}, None
        return {**self._read}, filters

    def _perform(self, script: Script[Any]) -> Any:  # noqa: ANN401 - as search
        return (perform_async if self._dialect.awaits else perform)(script)


def _given(metadata: Mapping[str, Any] | None) -> dict[str, Any]:
    return {} if metadata is None else {"metadata": metadata}


def wrap(client: Client) -> Callable[..., PlainMemory]:
    """Pass the user's id to mem0's own client by hand, on each call."""

    def make_memory(user_id: str | None, *, agent_id: str | None = None, run_id: str | None = None) -> PlainMemory:
        further = {"agent_id": agent_id, "run_id": run_id}
        ids: dict[str, Any] = {name: value for name, value in further.items() if value is not None}
        # The user id whatever it is: what mem0 makes of none is its own answer. A guest is known by the others alone.
        if user_id is not None or not ids:
            ids = {"user_id": user_id, **ids}
        return PlainMemory(client, write=ids, read=ids, erase=ids)

    return make_memory


def wrap_async(client: Client) -> Callable[..., PlainMemory]:
    """Pass the user's id to mem0's own asynchronous client by hand, on each call."""
    return wrap(client)
