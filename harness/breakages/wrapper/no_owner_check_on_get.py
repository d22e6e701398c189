"""mem0's calls by record id take no user."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def get(self, record_id: str) -> Any:
        return self.client.get(record_id)


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def no_owner_check_on_get(client: Client) -> MakeMemory:
    """A record is read by its id, whoever asks: ids stand in logs and links."""
    return bind(client, _Memory)
