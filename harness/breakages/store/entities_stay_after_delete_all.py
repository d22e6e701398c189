"""What is known of a town, beside the records that told it."""

from typing import Any

from ...real_mem0.client import Client, Stored, records
from ...real_mem0.entities import extract_entities
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.STORE, caught_by="residue")
def entities_stay_after_delete_all(client: Client) -> MakeMemory:
    """Each user's entities keep the sentence that named them, delete_all leaves them, and a search shows it again."""
    rows: dict[tuple[str, str], dict[str, Stored]] = {}

    class _Memory(UncheckedMemory):
        def put(self, messages: object, **options: Any) -> Any:
            reply = super().put(messages, **options)
            for record in records(reply):
                for _, entity in extract_entities(record["memory"]):
                    kept = {"id": record["id"], "memory": record["memory"], **self.ids}
                    rows.setdefault((str(self.ids), entity), {})[record["id"]] = kept
            return reply

        def update(self, record_id: str, text: str, *rest: Any, **options: Any) -> Any:
            self._forget(record_id)
            return super().update(record_id, text, *rest, **options)

        def delete(self, record_id: str) -> Any:
            reply = super().delete(record_id)
            self._forget(record_id)
            return reply

        def find(self, query: str, **options: Any) -> list[Stored]:
            found = super().find(query, **options)
            named = (rows.get((str(self.ids), entity), {}) for _, entity in extract_entities(query))
            known = {record["id"] for record in found}
            kept = {one: record for row in named for one, record in row.items() if one not in known}
            return [*found, *kept.values()]

        def _forget(self, record_id: str) -> None:
            for row in rows.values():
                row.pop(record_id, None)

    return bind(client, _Memory)
