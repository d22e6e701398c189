"""A store whose key is the content."""

from typing import Any

from ...real_mem0.client import Client, records
from ...scoped.wrappers import MakeMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import bind


class _Store(BrokenClient):
    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._rows: dict[str, str] = {}

    def add(self, messages: object, **options: Any) -> Any:
        reply = self.client.add(messages, **options)
        for record in records(reply):
            before = self._rows.get(record["memory"])
            self._rows[record["memory"]] = record["id"]
            if before is not None and self.client.get(before) is not None:
                self.client.delete(before)
        return reply


@breakage(Layer.STORE, caught_by="lost")
def upsert_by_content(client: Client) -> MakeMemory:
    """Rows are upserted by a hash of their text: who stores another's words takes the row over."""
    return bind(_Store(client))
