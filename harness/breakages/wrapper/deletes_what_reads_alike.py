"""A delete that tidies up: it removes copies, too."""

from typing import Any

from ...real_mem0.client import Client, records
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import EVERYTHING, UncheckedMemory, bind, without_user


class _Memory(UncheckedMemory):
    def delete(self, record_id: str) -> Any:
        text = self.get(record_id)["memory"]
        done = super().delete(record_id)
        for record in records(self.client.get_all(filters=without_user(self.ids), top_k=EVERYTHING)):
            if record["memory"] == text:
                self.client.delete(record["id"])
        return done


@breakage(Layer.WRAPPER, caught_by="tampering")
def deletes_what_reads_alike(client: Client) -> MakeMemory:
    """Who deletes a record also deletes its copies, and does not ask whose they are."""
    return bind(client, _Memory)
