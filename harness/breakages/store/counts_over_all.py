"""A total for the pager."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def get_all(self, *, filters: Mapping[str, Any] | None = None) -> Any:
        return {"results": self.listed(filters), "total": len(self.everybodys().listed(filters))}


@breakage(Layer.STORE, caught_by="noninterference", applies_to=ALSO_PLATFORM)
def counts_over_all(client: Client) -> MakeMemory:
    """The total beside a page counts the records of all users."""
    return bind(client, _Memory)
