"""Texts that wait to be written together."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.WRAPPER, caught_by="lost")
def unwritten_dropped_for_all(client: Client) -> MakeMemory:
    """Adds wait in one buffer until somebody asks; who deletes all empties it, of others' texts as well."""
    waiting: list[tuple[UncheckedMemory, object, dict[str, Any]]] = []

    def write() -> None:
        while waiting:
            memory, messages, options = waiting.pop(0)
            UncheckedMemory.put(memory, messages, **options)

    class Memory(UncheckedMemory):
        def put(self, messages: object, **options: Any) -> None:
            waiting.append((self, messages, options))

        def find(self, query: str, **options: Any) -> Any:
            write()
            return super().find(query, **options)

        def listed(self, filters: Any) -> Any:
            write()
            return super().listed(filters)

        def delete_all(self) -> Any:
            waiting.clear()
            return super().delete_all()

    return bind(client, Memory)
