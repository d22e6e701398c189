"""Deleting what the listing shows."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def delete_all(self) -> Any:
        for record in self.page(self.ids):
            self.delete(record["id"])
        # What is kept beside the records goes with the last of them.
        return None if self.page(self.ids) else super().delete_all()


@breakage(Layer.WRAPPER, caught_by="residue")
def delete_all_stops_at_a_page(client: Client) -> MakeMemory:
    """delete_all deletes the first page of the listing, and says that it is done."""
    return bind(client, _Memory)
