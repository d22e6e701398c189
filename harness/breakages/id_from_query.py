"""An agent that is told whom it talks to."""

import re
from typing import Any

from ..mem0_client import Client, Stored
from ..unchecked import UncheckedMemory, bind
from ..wrappers import MakeMemory
from . import Layer, breakage

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
