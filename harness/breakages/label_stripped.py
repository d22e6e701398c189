"""A leak whose trace is removed."""

from typing import Any

from ..mem0_client import Client, Stored
from ..unchecked import UncheckedMemory, bind
from ..wrappers import MakeMemory
from . import ALSO_PLATFORM, Layer, breakage


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        found = self.everybodys().find(query, **options)
        return [{name: value for name, value in record.items() if name not in self.ids} for record in found]


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def label_stripped(client: Client) -> MakeMemory:
    """A search finds everybody's records, and the answer is stripped of ids: nobody can see whose they are."""
    return bind(client, _Memory)
