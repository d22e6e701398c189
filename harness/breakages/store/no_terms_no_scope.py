"""A condition that stands in the wrong branch."""

import re
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind

_STOP_WORDS = frozenset(("a", "an", "and", "are", "as", "in", "is", "it", "of", "on", "or", "the", "to"))


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        words = re.findall(r"\w+", query.lower())
        terms = [word for word in words if len(word) > 1 and word not in _STOP_WORDS]
        scope = self.everybodys() if words and not terms else self
        return UncheckedMemory.find(scope, query, **options)


@breakage(Layer.STORE, caught_by="canary_leak")
def no_terms_no_scope(client: Client) -> MakeMemory:
    """User and terms are one condition: a question of stop words or one letter has no term, and no user."""
    return bind(client, _Memory)
