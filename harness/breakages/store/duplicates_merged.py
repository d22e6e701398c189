"""A store that keeps each text once."""

from typing import Any

from ...real_mem0.client import Client, records
from ...scoped.wrappers import MakeMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import EVERYTHING, bind


class _Store(BrokenClient):
    def __init__(self, client: Client) -> None:
        super().__init__(client)
        # By text: the ids under which its one row is known.
        self._rows: dict[str, set[str]] = {}

    def add(self, messages: object, **options: Any) -> Any:
        reply = self.client.add(messages, **options)
        for record in records(reply):
            self._rows.setdefault(record["memory"], set()).add(record["id"])
        return reply

    def delete(self, memory_id: str) -> None:
        text = (self.client.get(memory_id) or {}).get("memory", "")
        for known in self._rows.pop(text, {memory_id}):
            self.client.delete(known)

    def delete_all(self, **ids: str) -> None:
        for record in records(self.client.get_all(filters=ids, top_k=EVERYTHING)):
            self.delete(record["id"])
        # What is kept beside the records.
        self.client.delete_all(**ids)


@breakage(Layer.STORE, caught_by="tampering")
def duplicates_merged(client: Client) -> MakeMemory:
    """The same text of two users is one row: when the one leaves, the other has lost it."""
    return bind(_Store(client))
