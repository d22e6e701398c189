"""A key-value store's range query."""

from collections.abc import Mapping
from typing import Any

from ..mem0_client import Client, Stored, label
from ..unchecked import UncheckedMemory, bind
from ..wrappers import MakeMemory
from . import Layer, breakage

EVERYTHING = 1000


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        return self._own(self.everybodys().find(query, **{**options, "top_k": EVERYTHING}))

    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        return self._own(self.everybodys().listed(filters))

    def _own(self, found: list[Stored]) -> list[Stored]:
        return [record for record in found if str(label(record, "user_id")).startswith(self.user_id)]


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def prefix_match(client: Client) -> MakeMemory:
    """Ids are compared from their beginning: u_1 also reads what is u_12's."""
    return bind(client, _Memory)
