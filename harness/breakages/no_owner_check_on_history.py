"""mem0's calls by record id take no user."""

from typing import Any

from ..mem0_client import Client
from ..unchecked import UncheckedMemory, bind
from ..wrappers import MakeMemory
from . import ALSO_PLATFORM, Layer, breakage


class _Memory(UncheckedMemory):
    def history(self, record_id: str) -> Any:
        return self.client.history(record_id)


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def no_owner_check_on_history(client: Client) -> MakeMemory:
    """A record's earlier texts are read by its id, whoever asks."""
    return bind(client, _Memory)
