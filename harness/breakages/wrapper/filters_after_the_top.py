"""A filter in Python, behind the search."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, Stored, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind, without_user


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        return self._own(self.everybodys().find(query, **options))

    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        return self._own(self.page(without_user(self.ids), filters))

    def _own(self, found: list[Stored]) -> list[Stored]:
        return [record for record in found if label(record, "user_id") == self.user_id]


@breakage(Layer.WRAPPER, caught_by="lost")
def filters_after_the_top(client: Client) -> MakeMemory:
    """The best 20 of all users are fetched, then those of others dropped: in a crowd nothing is left."""
    return bind(client, _Memory)
