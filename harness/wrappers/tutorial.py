"""The tutorial's own ScopedMemory, as literally as today's mem0 allows: it validates nothing and checks nothing."""

from collections.abc import Callable, Mapping
from typing import Any

from ..mem0_client import Client, dialect


class TutorialMemory:
    """Takes the user id at construction and passes it, and everything else, to mem0's client.

    Source: Builder Weekly Tutorials, "Scope agent memory per user without leaking across sessions" (CC BY 4.0). Its
    `client.search(query, user_id=...)` is refused since mem0 2.0, so the id goes into `filters` there.
    """

    def __init__(self, user_id: str, *, client: Client) -> None:
        """Bind the user."""
        self.user_id = user_id
        self._client = client
        self._in_filters = dialect(client).scope_in_filters

    def add(self, messages: Any, infer: bool = True, **options: Any) -> Any:  # noqa: ANN401, FBT001, FBT002 - as the tutorial has it
        """Store messages for the bound user."""
        return self._client.add(messages, user_id=self.user_id, infer=infer, **options)

    def search(self, query: str, filters: Mapping[str, Any] | None = None, **options: Any) -> Any:  # noqa: ANN401 - as above
        """Search the bound user's records; the caller's filters are merged in."""
        return self._client.search(query, **self._scope(filters), **options)

    def get_all(self, filters: Mapping[str, Any] | None = None, **options: Any) -> Any:  # noqa: ANN401 - as above
        """List the bound user's records, as many as mem0 gives at once."""
        return self._client.get_all(**self._scope(filters), **options)

    def get(self, memory_id: str) -> Any:  # noqa: ANN401 - as above
        """Read a record; the user id has no place in this call."""
        return self._client.get(memory_id)

    def update(self, memory_id: str, text: str) -> Any:  # noqa: ANN401 - as above
        """Change a record."""
        return self._client.update(memory_id, **{dialect(self._client).text: text})

    def delete(self, memory_id: str) -> Any:  # noqa: ANN401 - as above
        """Remove a record."""
        return self._client.delete(memory_id)

    def delete_all(self) -> Any:  # noqa: ANN401 - as above
        """Remove all of the bound user's records."""
        return self._client.delete_all(user_id=self.user_id)

    def history(self, memory_id: str) -> Any:  # noqa: ANN401 - as above
        """Read a record's earlier texts."""
        return self._client.history(memory_id)

    def _scope(self, filters: Mapping[str, Any] | None) -> dict[str, Any]:
        if self._in_filters:
            return {"filters": {"user_id": self.user_id, **(filters or {})}}
        return {"user_id": self.user_id, **({"filters": dict(filters)} if filters else {})}


def wrap(client: Client) -> Callable[[str], TutorialMemory]:
    """Bind each user in the tutorial's ScopedMemory, which validates nothing."""
    return lambda user_id: TutorialMemory(user_id, client=client)
