"""Conditions that are gathered in one variable."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..narrowed import NarrowedMemory
from ..planted import Layer, breakage
from ..unchecked import bind


class _Memory(NarrowedMemory):
    def sent(self, filters: Mapping[str, Any]) -> dict[str, Any]:
        wanted: dict[str, Any] = {}
        for field, said in filters.items():
            for operator, operand in said.items() if isinstance(said, Mapping) else (("eq", said),):
                wanted = {field: operand if operator == "eq" else {operator: operand}}
        return wanted


@breakage(Layer.WRAPPER, caught_by="filter_ignored")
def last_condition_wins(client: Client) -> MakeMemory:
    """Each condition of a filter takes the place of the one before it: the last one alone narrows."""
    return bind(client, _Memory)
