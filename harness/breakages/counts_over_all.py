"""A total for the pager."""

from collections.abc import Mapping
from typing import Any

from ..mem0_client import Client
from ..unchecked import UncheckedMemory, bind
from ..wrappers import MakeMemory
from . import ALSO_PLATFORM, Layer, breakage


class _Memory(UncheckedMemory):
    def get_all(self, *, filters: Mapping[str, Any] | None = None) -> Any:
        return {"results": self.listed(filters), "total": len(self.everybodys().listed(filters))}


@breakage(Layer.STORE, caught_by="noninterference", applies_to=ALSO_PLATFORM)
def counts_over_all(client: Client) -> MakeMemory:
    """The total beside a page counts the records of all users."""
    return bind(client, _Memory)
