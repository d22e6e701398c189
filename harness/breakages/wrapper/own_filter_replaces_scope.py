"""A filter that is the caller's, or the scope."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        if options.get("filters"):
            return self.everybodys().find(query, **options)
        return super().find(query, **options)

    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        return self.everybodys().listed(filters) if filters else super().listed(None)


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def own_filter_replaces_scope(client: Client) -> MakeMemory:
    """A caller's own filter takes the place of the one by user: it shows the records of all users that fit it."""
    return bind(client, _Memory)
