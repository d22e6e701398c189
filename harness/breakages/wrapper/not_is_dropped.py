"""A translation that knows no negation."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..narrowed import NarrowedMemory, without_operators
from ..planted import Layer, breakage
from ..unchecked import bind


class _Memory(NarrowedMemory):
    def sent(self, filters: Mapping[str, Any]) -> dict[str, Any]:
        positive = {name: said for name, said in filters.items() if name != "NOT"}
        return without_operators(positive, {"ne", "nin"})


@breakage(Layer.WRAPPER, caught_by="filter_ignored")
def not_is_dropped(client: Client) -> MakeMemory:
    """What a record must not be is left out of the query: `NOT`, `ne` and `nin` narrow nothing."""
    return bind(client, _Memory)
