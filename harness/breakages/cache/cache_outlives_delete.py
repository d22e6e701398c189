"""A cache that hears of writes, and not of deletes."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind, caching


@breakage(Layer.CACHE, caught_by="residue", applies_to=ALSO_PLATFORM)
def cache_outlives_delete(client: Client) -> MakeMemory:
    """Listings are cached for each user until the next add: what was deleted is still listed."""
    cache: dict[str, list[Stored]] = {}

    class _Memory(UncheckedMemory):
        def put(self, messages: object, **options: Any) -> Any:
            cache.pop(str(self.ids), None)
            return super().put(messages, **options)

        def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
            if filters:
                return super().listed(filters)
            if str(self.ids) not in cache:
                cache[str(self.ids)] = super().listed(None)
            return cache[str(self.ids)]

    return caching(bind(client, _Memory), answers=cache)
