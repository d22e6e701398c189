"""mem0's issue 3928."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def delete_all(self) -> Any:
        return self.client.reset()


@breakage(Layer.WRAPPER, caught_by="tampering", applies_to=ALSO_PLATFORM)
def delete_all_resets_store(client: Client) -> MakeMemory:
    """delete_all empties the whole store, without a filter: mem0 1.0.0 to 1.0.5 did so."""
    return bind(client, _Memory)
