"""A translation that knows equality."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..narrowed import NarrowedMemory, without_operators
from ..planted import Layer, breakage
from ..unchecked import bind


class _Memory(NarrowedMemory):
    def sent(self, filters: Mapping[str, Any]) -> dict[str, Any]:
        return without_operators(filters, {"gt", "gte", "lt", "lte"})


@breakage(Layer.WRAPPER, caught_by="filter_ignored")
def range_ignored(client: Client) -> MakeMemory:
    """Ranges are left out of the query: `gt`, `gte`, `lt` and `lte` narrow nothing."""
    return bind(client, _Memory)
