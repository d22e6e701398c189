"""A leak whose trace is removed."""

from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        found = self.everybodys().find(query, **options)
        return [{name: value for name, value in record.items() if name not in self.ids} for record in found]


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def label_stripped(client: Client) -> MakeMemory:
    """A search finds everybody's records, and the answer is stripped of ids: nobody can see whose they are."""
    return bind(client, _Memory)
