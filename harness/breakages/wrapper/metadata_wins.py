"""Metadata that name an owner."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
        given = dict(metadata or {})
        ids = {name: given.pop(name, value) for name, value in self.ids.items()}
        return UncheckedMemory(self.client, ids).add(text, infer=infer, metadata=given or None)


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def metadata_wins(client: Client) -> MakeMemory:
    """Metadata are merged over the scope: `metadata={"user_id": "alice"}` puts a record into alice's memory."""
    return bind(client, _Memory)
