"""A translation by a table."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..narrowed import NarrowedMemory, without_operators
from ..planted import Layer, breakage
from ..unchecked import bind

# Since some release mem0 knows more of them.
_KNOWN = frozenset({"eq", "ne", "gt", "gte", "lt", "lte", "in"})


class _Memory(NarrowedMemory):
    def sent(self, filters: Mapping[str, Any]) -> dict[str, Any]:
        asked = {name for said in filters.values() if isinstance(said, Mapping) for name in said}
        return without_operators(filters, asked - _KNOWN)


@breakage(Layer.WRAPPER, caught_by="filter_ignored")
def unknown_operator_ignored(client: Client) -> MakeMemory:
    """An operator that is not in the table is passed over without a word, as `contains` is."""
    return bind(client, _Memory)
