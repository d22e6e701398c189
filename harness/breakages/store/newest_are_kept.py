"""An index of limited size."""

from collections import deque
from typing import Any

from ...real_mem0.client import Client, records
from ...scoped.wrappers import MakeMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import bind

# Small, so that few records show it.
PLACES = 20


class _Store(BrokenClient):
    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._newest: deque[str] = deque()

    def add(self, messages: object, **options: Any) -> Any:
        reply = self.client.add(messages, **options)
        self._newest.extend(record["id"] for record in records(reply))
        while len(self._newest) > PLACES:
            oldest = self._newest.popleft()
            if self.client.get(oldest) is not None:
                self.client.delete(oldest)
        return reply


@breakage(Layer.STORE, caught_by="lost")
def newest_are_kept(client: Client) -> MakeMemory:
    """The index has a number of places for all users: who has been quiet for long is crowded out."""
    return bind(_Store(client))
