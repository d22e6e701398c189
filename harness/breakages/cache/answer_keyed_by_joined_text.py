"""A cache whose keys are texts."""

from typing import Any

from ...model.channels import Channel
from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind


@breakage(Layer.CACHE, caught_by="canary_leak")
def answer_keyed_by_joined_text(client: Client) -> MakeMemory:
    """Answers are cached by the user, a colon and the question: `a:b` who asks `q` is given what `a` got for `b:q`."""
    cache: dict[str, list[Stored]] = {}

    class _Memory(UncheckedMemory):
        def ids_for(self, channel: Channel) -> Ids:
            # Whoever writes empties it.
            if channel not in (Channel.SEARCH, Channel.GET_ALL, Channel.GET, Channel.HISTORY):
                cache.clear()
            return super().ids_for(channel)

        def find(self, query: str, **options: Any) -> list[Stored]:
            key = f"{self.user_id}:{query}"
            if key not in cache:
                cache[key] = super().find(query, **options)
            return cache[key]

    return bind(client, _Memory)
