"""What dict.get gives where there is nothing."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.CACHE, caught_by="canary_leak")
def shared_default_list(client: Client) -> MakeMemory:
    """What a user has just said is kept in `recent.get(user, NOTHING)`: the empty list is one list for all users."""
    nothing: list[Stored] = []
    recent: dict[str, list[Stored]] = {}

    class _Memory(UncheckedMemory):
        def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            reply = super().add(text, infer=infer, metadata=metadata)
            recent.get(self.user_id, nothing).append({"memory": text})
            return reply

        def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
            return [*super().listed(filters), *recent.get(self.user_id, nothing)]

    return bind(client, _Memory)
