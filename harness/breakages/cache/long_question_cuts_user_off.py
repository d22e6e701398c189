"""A cache with keys of a fixed length."""

from typing import Any

from ...model.channels import Channel
from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind

LENGTH = 1024


@breakage(Layer.CACHE, caught_by="canary_leak")
def long_question_cuts_user_off(client: Client) -> MakeMemory:
    """A cache's key is the question and the user, cut to what a column holds: a long question leaves no user."""
    cache: dict[str, list[Stored]] = {}

    class _Memory(UncheckedMemory):
        def ids_for(self, channel: Channel) -> Ids:
            # Whoever writes empties it.
            if channel not in (Channel.SEARCH, Channel.GET_ALL, Channel.GET, Channel.HISTORY):
                cache.clear()
            return super().ids_for(channel)

        def find(self, query: str, **options: Any) -> list[Stored]:
            key = f"{query}|{options}|{self.ids}"[:LENGTH]
            if key not in cache:
                cache[key] = super().find(query, **options)
            return cache[key]

    return bind(client, _Memory)
