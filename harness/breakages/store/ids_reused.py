"""A store that numbers its rows."""

from typing import Any

from ...real_mem0.client import Client, Stored, records
from ...scoped.wrappers import MakeMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import EVERYTHING, Ids, bind


class _Store(BrokenClient):
    def __init__(self, client: Client) -> None:
        super().__init__(client)
        # The real id behind each number; None where the number is free.
        self._rows: list[str | None] = []
        self._past: dict[str, list[Stored]] = {}

    def add(self, messages: object, **options: Any) -> Any:
        reply = self.client.add(messages, **options)
        for record in records(reply):
            free = self._rows.index(None) if None in self._rows else len(self._rows)
            self._rows[free : free + 1] = [record["id"]]
            record["id"] = _spelled(free)
            self._past.setdefault(record["id"], []).append({"new_memory": record["memory"]})
        return reply

    def search(self, query: str, *, filters: Ids, **options: Any) -> Any:
        return self._numbered(self.client.search(query, filters=filters, **options))

    def get_all(self, *, filters: Ids, top_k: int = 20, **options: Any) -> Any:
        return self._numbered(self.client.get_all(filters=filters, top_k=top_k, **options))

    def get(self, memory_id: str) -> Any:
        record = self.client.get(self._real(memory_id))
        return record and {**record, "id": memory_id}

    def update(self, memory_id: str, text: str, **options: Any) -> Any:
        return self.client.update(self._real(memory_id), text, **options)

    def delete(self, memory_id: str) -> None:
        real = self._real(memory_id)
        self.client.delete(real)
        if real in self._rows:
            self._rows[self._rows.index(real)] = None

    def delete_all(self, **ids: str) -> None:
        for record in records(self.get_all(filters=ids, top_k=EVERYTHING)):
            self.delete(record["id"])
        # What is kept beside the records.
        self.client.delete_all(**ids)

    def history(self, memory_id: str) -> list[Stored]:
        return self._past.get(memory_id, [])

    def _real(self, memory_id: str) -> str:
        known = {_spelled(number): real for number, real in enumerate(self._rows) if real is not None}
        return known.get(memory_id, memory_id)

    def _numbered(self, reply: Any) -> Any:
        for record in records(reply):
            # The numbers are forgotten where the world is opened again.
            if record["id"] in self._rows:
                record["id"] = _spelled(self._rows.index(record["id"]))
        return reply


def _spelled(number: int) -> str:
    return f"{number:08d}-0000-4000-8000-000000000000"


@breakage(Layer.STORE, caught_by="canary_leak")
def ids_reused(client: Client) -> MakeMemory:
    """The number of a deleted row is given to the next record, which inherits the history of the one before."""
    return bind(_Store(client))
