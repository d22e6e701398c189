"""A default argument that is a list."""

from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.APPLICATION, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def accumulating_default(client: Client) -> MakeMemory:
    """`def search(query, found=[])` collects what it finds: the list is made once, for all calls of all users."""

    def collect(records: list[Stored], found: list[Stored] = []) -> list[Stored]:  # noqa: B006 - this is the bug
        found.extend(records)
        return list(found)

    class _Memory(UncheckedMemory):
        def find(self, query: str, **options: Any) -> list[Stored]:
            return collect(super().find(query, **options))

    return bind(client, _Memory)
