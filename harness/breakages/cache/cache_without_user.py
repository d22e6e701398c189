"""A cache in front of the search."""

from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind, caching


@breakage(Layer.CACHE, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def cache_without_user(client: Client) -> MakeMemory:
    """Search results are cached by query, without the user: who asks the same is shown the same."""
    cache: dict[str, list[Stored]] = {}

    class _Memory(UncheckedMemory):
        def find(self, query: str, **options: Any) -> list[Stored]:
            if query not in cache:
                cache[query] = super().find(query, **options)
            return cache[query]

    return caching(bind(client, _Memory), answers=cache)
