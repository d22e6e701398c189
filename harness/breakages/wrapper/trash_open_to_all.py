"""A trash from which a record can be had back."""

from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def trash_open_to_all(client: Client) -> MakeMemory:
    """A deleted record lies in a trash for a while, where its id is enough to read it."""
    trash: dict[str, Stored] = {}

    class Memory(UncheckedMemory):
        def get(self, record_id: str) -> Any:
            return trash[record_id] if record_id in trash else super().get(record_id)

        def delete(self, record_id: str) -> Any:
            trash[record_id] = super().get(record_id)
            return super().delete(record_id)

    return bind(client, Memory)
