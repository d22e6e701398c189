"""mem0's listing, taken for all."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        return self.page(self.ids, filters)


@breakage(Layer.WRAPPER, caught_by="lost", doubted=True)
def get_all_is_cut(client: Client) -> MakeMemory:
    """get_all gives mem0's first page, 20 records, and does not say that there are more."""
    return bind(client, _Memory)
