"""Several records at once, by their ids with commas between them."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def get(self, record_id: str) -> Any:
        first, *others = record_id.split(",")
        own = super().get(first)
        return [own, *map(self.client.get, others)] if own and others else own


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def first_id_checked(client: Client) -> MakeMemory:
    """Of records that are read together, the owner of the first alone is looked at."""
    return bind(client, _Memory)
