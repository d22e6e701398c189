"""A search box for people who know how."""

import re
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind

_FIELD = re.compile(r"\buser_id:([\w-]+)")


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        named = _FIELD.search(query)
        ids = {**self.ids, "user_id": named[1]} if named else self.ids
        return UncheckedMemory(self.client, ids).find(query, **options)


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def field_syntax_in_question(client: Client) -> MakeMemory:
    """A question may hold `field:value`, and `user_id:alice` takes the place of the user who asks."""
    return bind(client, _Memory)
