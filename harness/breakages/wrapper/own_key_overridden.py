"""A memory whose scope has a name of its own."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind

# What this application calls its users.
KEY = "account"


class _Memory(UncheckedMemory):
    def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
        given = {KEY: self.user_id, **(metadata or {})}
        owner = UncheckedMemory(self.client, {**self.ids, "user_id": str(given[KEY])})
        return owner.add(text, infer=infer, metadata=given)


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def own_key_overridden(client: Client) -> MakeMemory:
    """Whose a record is stands in its metadata as `account`, and the caller's metadata are merged over that."""
    return bind(client, _Memory)
