"""Two dicts, merged in the wrong order."""

from collections.abc import Mapping
from typing import Any

from ..mem0_client import Client
from ..unchecked import UncheckedMemory, bind
from ..wrappers import MakeMemory
from . import Layer, breakage


class _Memory(UncheckedMemory):
    def search(
        self,
        query: str,
        *,
        top_k: int | None = None,
        threshold: float | None = None,
        filters: Mapping[str, Any] | None = None,
    ) -> Any:
        scope = {**self.ids, **(filters or {})}
        options = {"top_k": top_k, "threshold": threshold}
        return self.client.search(
            query, filters=scope, **{name: value for name, value in options.items() if value is not None}
        )


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def caller_filters_win(client: Client) -> MakeMemory:
    """The caller's filters are merged over the scope: `filters={"user_id": "alice"}` reads alice's."""
    return bind(client, _Memory)
