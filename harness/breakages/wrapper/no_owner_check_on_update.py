"""mem0's calls by record id take no user."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def update(self, record_id: str, text: str, metadata: Mapping[str, Any] | None = None) -> Any:
        del metadata
        return self.client.update(record_id, text)


@breakage(Layer.WRAPPER, caught_by="tampering")
def no_owner_check_on_update(client: Client) -> MakeMemory:
    """A record is changed by its id, whoever asks."""
    return bind(client, _Memory)
