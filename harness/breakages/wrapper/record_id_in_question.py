"""Who pastes a record's id into the search box is shown that record."""

import re
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind

_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        named = [self.client.get(one) for one in _ID.findall(query)]
        return [one for one in named if one] or super().find(query, **options)


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def record_id_in_question(client: Client) -> MakeMemory:
    """A search whose words are a record's id gives that record, and nobody asks whose it is."""
    return bind(client, _Memory)
