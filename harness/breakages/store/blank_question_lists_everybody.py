"""A shortcut for what cannot be searched for."""

from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        if query.isspace():
            return self.everybodys().listed(None)
        return super().find(query, **options)


@breakage(Layer.STORE, caught_by="canary_leak")
def blank_question_lists_everybody(client: Client) -> MakeMemory:
    """Of blanks there is no vector, so the newest records are shown instead: those of everybody."""
    return bind(client, _Memory)
