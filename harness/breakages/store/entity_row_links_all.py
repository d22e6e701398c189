"""One row for each town, person and employer."""

from collections import defaultdict
from typing import Any

from ...real_mem0.client import Client, Stored, records
from ...real_mem0.entities import extract_entities
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.STORE, caught_by="canary_leak")
def entity_row_links_all(client: Client) -> MakeMemory:
    """An entity has one row for all users, and a search that names it brings each record that the row links."""
    rows: defaultdict[str, list[str]] = defaultdict(list)

    def link(text: str, record_id: str) -> None:
        for _, entity in extract_entities(text):
            rows[entity].append(record_id)

    class _Memory(UncheckedMemory):
        def put(self, messages: object, **options: Any) -> Any:
            reply = super().put(messages, **options)
            for record in records(reply):
                link(record["memory"], record["id"])
            return reply

        def find(self, query: str, **options: Any) -> list[Stored]:
            found = super().find(query, **options)
            named = [one for _, entity in extract_entities(query) for one in rows.get(entity, ())]
            linked = (self.client.get(one) for one in dict.fromkeys(named) if one not in {two["id"] for two in found})
            return [*found, *(record for record in linked if record)]

    return bind(client, _Memory)
