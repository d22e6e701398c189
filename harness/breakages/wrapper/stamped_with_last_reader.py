"""An owner column that a read writes to."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.WRAPPER, caught_by="mislabelled")
def stamped_with_last_reader(client: Client) -> MakeMemory:
    """Reading stamps a record with its reader, one request late: own records come back as another user's."""
    readers: list[str] = []

    class _Memory(UncheckedMemory):
        def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
            readers.append(self.user_id)
            last = readers[-2:][0]
            return [{**record, "user_id": last} for record in super().listed(filters)]

    return bind(client, _Memory)
