"""What was left on after a long night."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def search(
        self,
        query: str,
        *,
        top_k: int | None = None,
        threshold: float | None = None,
        filters: Mapping[str, Any] | None = None,
    ) -> Any:
        options = {"top_k": top_k, "threshold": threshold, "filters": filters}
        nearest = [label(record, "user_id") for record in self.everybodys().find(query, **options)]
        return {"results": self.find(query, **options), "debug": {"nearest_users": nearest}}


@breakage(Layer.APPLICATION, caught_by="foreign_id")
def debug_names_neighbours(client: Client) -> MakeMemory:
    """A search's answer still has its debug part, with the ids of the users whose records are near."""
    return bind(client, _Memory)
