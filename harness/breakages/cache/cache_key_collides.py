"""A cache with a short key."""

import zlib
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind

BUCKETS = 64


@breakage(Layer.CACHE, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def cache_key_collides(client: Client) -> MakeMemory:
    """Search results are cached by a hash of user and query that is too short: some users share an entry."""
    cache: dict[int, list[Stored]] = {}

    class _Memory(UncheckedMemory):
        def find(self, query: str, **options: Any) -> list[Stored]:
            key = zlib.crc32(f"{self.user_id}{query}".encode(errors="replace")) % BUCKETS
            if key not in cache:
                cache[key] = super().find(query, **options)
            return cache[key]

    return bind(client, _Memory)
