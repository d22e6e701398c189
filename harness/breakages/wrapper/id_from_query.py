"""An agent that is told whom it talks to."""

import re
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind

# A user's id as this application makes them: site, name, number.
_ID = re.compile(r"\b[a-z0-9]+-[a-z]+-\d+\b")


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        named = _ID.search(query)
        user = named.group() if named else self.user_id
        return UncheckedMemory(self.client, {**self.ids, "user_id": user}).find(query, **options)


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def id_from_query(client: Client) -> MakeMemory:
    """The user is taken from the text: "what does u-alice-7 like?" is answered from u-alice-7's memory."""
    return bind(client, _Memory)
