"""mem0's calls by record id take no user."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def delete(self, record_id: str) -> Any:
        return self.client.delete(record_id)


@breakage(Layer.WRAPPER, caught_by="tampering", applies_to=ALSO_PLATFORM)
def no_owner_check_on_delete(client: Client) -> MakeMemory:
    """A record is deleted by its id, whoever asks."""
    return bind(client, _Memory)
