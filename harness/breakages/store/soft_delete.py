"""A flag instead of a delete."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, Stored, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind

# The flag: a run that no user has.
DELETED = "deleted"


class _Memory(UncheckedMemory):
    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        return [record for record in super().listed(filters) if label(record, "run_id") != DELETED]

    def delete(self, record_id: str) -> Any:
        gone = [self.get(record_id)]
        super().delete(record_id)
        self._flag(gone)

    def delete_all(self) -> Any:
        gone = self.listed(None)
        super().delete_all()
        self._flag(gone)

    def _flag(self, gone: list[Stored]) -> None:
        for record in gone:
            UncheckedMemory(self.client, {**self.ids, "run_id": DELETED}).put(record["memory"], infer=False)


@breakage(Layer.STORE, caught_by="residue")
def soft_delete(client: Client) -> MakeMemory:
    """Deleted records are flagged, and the listing leaves them out; the search does not know of the flag."""
    return bind(client, _Memory)
