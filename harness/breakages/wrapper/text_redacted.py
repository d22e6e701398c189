"""A leak whose words are removed."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, Stored, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        return [self._shown(record) for record in self.everybodys().listed(filters)]

    def _shown(self, record: Stored) -> Stored:
        own = label(record, "user_id") == self.user_id
        return record if own else {**record, "memory": "[redacted]", "metadata": None}


@breakage(Layer.WRAPPER, caught_by="foreign_record")
def text_redacted(client: Client) -> MakeMemory:
    """A listing holds everybody's records, with others' texts blacked out: who is there, and how much, is left."""
    return bind(client, _Memory)
