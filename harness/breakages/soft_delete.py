"""A flag instead of a delete."""

from collections.abc import Mapping
from typing import Any

from ..mem0_client import Client, Stored
from ..refusals import RecordNotFoundError
from ..unchecked import UncheckedMemory, bind
from ..wrappers import MakeMemory
from . import Layer, breakage


@breakage(Layer.STORE, caught_by="residue")
def soft_delete(client: Client) -> MakeMemory:
    """Deleted records are flagged, and the listing leaves them out; the search does not know of the flag."""
    flagged: set[str] = set()

    class _Memory(UncheckedMemory):
        def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
            return [record for record in super().listed(filters) if record["id"] not in flagged]

        def get(self, record_id: str) -> Any:
            if record_id in flagged:
                raise RecordNotFoundError
            return super().get(record_id)

        def history(self, record_id: str) -> Any:
            self.get(record_id)
            return super().history(record_id)

        def delete(self, record_id: str) -> Any:
            flagged.add(self.get(record_id)["id"])

        def delete_all(self) -> Any:
            flagged.update(record["id"] for record in self.listed(None))

    return bind(client, _Memory)
