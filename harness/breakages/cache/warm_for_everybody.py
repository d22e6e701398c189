"""A cache that is shared, and holds nothing secret."""

import time
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind

# In seconds: a quick model's answer is slower by far.
_REWRITING = 0.001


@breakage(Layer.CACHE, caught_by="timing")
def warm_for_everybody(client: Client) -> MakeMemory:
    """A model rewrites each question once for all users: an answer comes sooner where another has asked the same."""
    rewritten: dict[str, str] = {}

    class _Memory(UncheckedMemory):
        def find(self, query: str, **options: Any) -> list[Stored]:
            if query not in rewritten:
                time.sleep(_REWRITING)
                rewritten[query] = query
            return super().find(rewritten[query], **options)

    return bind(client, _Memory)
