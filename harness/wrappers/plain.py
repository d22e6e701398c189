"""The plain client: ids passed by hand on each call, nothing checked. What ScopedMemory replaces."""

from collections.abc import Callable, Mapping
from typing import Any

from ..mem0_client import Client, Stored, dialect, list_all, search
from ..scripts import perform


class PlainMemory:
    """mem0 as a developer calls it directly: `write`, `read` and `erase` are the ids sent with each kind of call."""

    def __init__(
        self, client: Client, *, write: Mapping[str, str], read: Mapping[str, str], erase: Mapping[str, str]
    ) -> None:
        """Take the ids that go with add, with search and get_all, and with delete_all."""
        self._client = client
        self._dialect = dialect(client)
        self._write = write
        self._read = read
        self._erase = erase

    def add(self, text: str, *, infer: bool = True) -> Any:  # noqa: ANN401 - mem0's reply, unchanged
        """Store a text."""
        return self._client.add(text, **self._write, infer=infer)

    def search(self, query: str, *, top_k: int | None = None, threshold: float | None = None) -> list[Stored]:
        """Search with whatever ids `read` holds."""
        return perform(search(self._client, self._dialect, query, self._read, top_k=top_k, threshold=threshold))

    def get_all(self) -> list[Stored]:
        """List with whatever ids `read` holds."""
        return perform(list_all(self._client, self._dialect, self._read))

    def get(self, record_id: str) -> Any:  # noqa: ANN401 - as above
        """Read a record, anybody's."""
        return self._client.get(record_id)

    def update(self, record_id: str, text: str) -> Any:  # noqa: ANN401 - as above
        """Change a record, anybody's."""
        return self._client.update(record_id, **{self._dialect.text: text})

    def delete(self, record_id: str) -> Any:  # noqa: ANN401 - as above
        """Remove a record, anybody's."""
        return self._client.delete(record_id)

    def delete_all(self) -> Any:  # noqa: ANN401 - as above
        """Remove everything under the ids that `erase` holds."""
        return self._client.delete_all(**self._erase)

    def history(self, record_id: str) -> Any:  # noqa: ANN401 - as above
        """Read a record's earlier texts, anybody's."""
        return self._client.history(record_id)


def wrap(client: Client) -> Callable[[str], PlainMemory]:
    """Pass the user's id to mem0's own client by hand, on each call."""

    def make_memory(user_id: str) -> PlainMemory:
        ids = {"user_id": user_id}
        return PlainMemory(client, write=ids, read=ids, erase=ids)

    return make_memory
