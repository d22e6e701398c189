"""Deleting what one call of the store's lists."""

from typing import Any

from ...model.channels import Channel
from ...real_mem0.client import Client, Stored, records
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind, of_all_agents

BATCH = 1000


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        return of_all_agents(self.ids) if channel in (Channel.GET_ALL, Channel.DELETE_ALL) else self.ids

    def delete_all(self) -> Any:
        for record in self._batch():
            self.client.delete(record["id"])
        # What is kept beside the records goes with the last of them.
        return None if self._batch() else super().delete_all()

    def _batch(self) -> list[Stored]:
        return records(self.client.get_all(filters={**self.ids_for(Channel.DELETE_ALL)}, top_k=BATCH))


@breakage(Layer.WRAPPER, caught_by="residue", applies_to=("reference",))
def delete_all_stops_at_a_thousand(client: Client) -> MakeMemory:
    """delete_all deletes the thousand records that one call lists, and says that it is done."""
    return bind(client, _Memory)
