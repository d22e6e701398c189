"""The tutorial's own ScopedMemory, as literally as today's mem0 allows: it validates nothing and checks nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from ...real_mem0.client import Client, dialect


class TutorialMemory:
    """Takes the user id at construction and passes it, and everything else, to mem0's client.

    Source: Builder Weekly Tutorials, "Scope agent memory per user without leaking across sessions" (CC BY 4.0). Its
    `client.search(query, user_id=...)` is refused since mem0 2.0, so the id goes into `filters` there. What is left
    at None is the client's own default. Over an asynchronous client, all that the methods return is to be awaited.
    """

    def __init__(
        self, user_id: str | None, *, client: Client, agent_id: str | None = None, run_id: str | None = None
    ) -> None:
        """Bind the user, and what else is given; a guest is known by what else is given alone."""
        self.user_id = user_id
        further = _given(agent_id=agent_id, run_id=run_id)
        self._ids = further if user_id is None and further else {"user_id": user_id, **further}
        self._client = client
        self._dialect = dialect(client)

    def add(
        self,
        messages: Any,  # noqa: ANN401 - as the tutorial has it
        infer: bool = True,  # noqa: FBT001, FBT002 - as above
        metadata: Mapping[str, Any] | None = None,
        **options: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        """Store messages for the bound user."""
        return self._client.add(messages, **self._ids, infer=infer, **_given(metadata=metadata), **options)

    def search(
        self,
        query: str,
        filters: Mapping[str, Any] | None = None,
        top_k: int | None = None,
        threshold: float | None = None,
        **options: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        """Search the bound user's records; the caller's filters are merged in."""
        asked = _given(**{self._dialect.page or "top_k": top_k}, threshold=threshold)
        return self._client.search(query, **self._scope(filters), **asked, **options)

    def get_all(self, filters: Mapping[str, Any] | None = None, **options: Any) -> Any:  # noqa: ANN401 - as above
        """List the bound user's records, as many as mem0 gives at once."""
        return self._client.get_all(**self._scope(filters), **options)

    def get(self, memory_id: str) -> Any:  # noqa: ANN401 - as above
        """Read a record; the user id has no place in this call."""
        return self._client.get(memory_id)

    def update(self, memory_id: str, text: str, metadata: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - as above
        """Change a record."""
        more = _given(metadata=metadata) if self._dialect.updates_metadata else {}
        return self._client.update(memory_id, **{self._dialect.text: text}, **more)

    def delete(self, memory_id: str) -> Any:  # noqa: ANN401 - as above
        """Remove a record."""
        return self._client.delete(memory_id)

    def delete_all(self) -> Any:  # noqa: ANN401 - as above
        """Remove all of the bound user's records."""
        return self._client.delete_all(**self._ids)

    def history(self, memory_id: str) -> Any:  # noqa: ANN401 - as above
        """Read a record's earlier texts."""
        return self._client.history(memory_id)

    def _scope(self, filters: Mapping[str, Any] | None) -> dict[str, Any]:
        if self._dialect.scope_in_filters:
            return {"filters": {**self._ids, **(filters or {})}}
        return {**self._ids, **({"filters": dict(filters)} if filters else {})}


def _given(**options: Any) -> dict[str, Any]:  # noqa: ANN401 - of any type
    return {name: value for name, value in options.items() if value is not None}


def wrap(client: Client) -> Callable[..., TutorialMemory]:
    """Bind each user in the tutorial's ScopedMemory, which validates nothing."""

    def make_memory(user_id: str | None, *, agent_id: str | None = None, run_id: str | None = None) -> TutorialMemory:
        return TutorialMemory(user_id, client=client, agent_id=agent_id, run_id=run_id)

    return make_memory


def wrap_async(client: Client) -> Callable[..., TutorialMemory]:
    """Bind each user in the tutorial's ScopedMemory, over an asynchronous client."""
    return wrap(client)
