"""An update that takes more than a text."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def update(self, record_id: str, text: str, metadata: Mapping[str, Any] | None = None) -> Any:
        given = dict(metadata or {})
        ids = {name: given.pop(name, value) for name, value in self.ids.items()}
        if ids == self.ids:
            return super().update(record_id, text, given or None)
        self.delete(record_id)
        return UncheckedMemory(self.client, ids).add(text, infer=False, metadata=given or None)


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def metadata_moves_record(client: Client) -> MakeMemory:
    """An update's metadata are written over the record, its owner too: mem0 1.0.8 to 2.0.12 did so (issue 6277)."""
    return bind(client, _Memory)
