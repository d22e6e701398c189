"""A cache from before there were filters."""

from typing import Any

from ...model.channels import Channel
from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind

_READS = (Channel.SEARCH, Channel.GET_ALL, Channel.GET, Channel.HISTORY)


@breakage(Layer.CACHE, caught_by="filter_ignored")
def cache_key_without_filters(client: Client) -> MakeMemory:
    """Search results are cached by user and query, without the filter: it gets the answer to the query alone."""
    cache: dict[tuple[str, str], list[Stored]] = {}

    class _Memory(UncheckedMemory):
        def ids_for(self, channel: Channel) -> Ids:
            # Whoever writes empties it.
            if channel not in _READS:
                cache.clear()
            return super().ids_for(channel)

        def find(self, query: str, **options: Any) -> list[Stored]:
            key = (query, str(self.ids))
            if key not in cache:
                cache[key] = super().find(query, **options)
            return cache[key]

    return bind(client, _Memory)
