"""A page for everybody."""

from typing import Any

from ...real_mem0.client import Client, records
from ...scoped.wrappers import MakeMemory
from ..broken_client import BrokenClient
from ..planted import Layer, breakage
from ..unchecked import Ids, bind


class _Store(BrokenClient):
    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._users: set[object] = set()

    def add(self, messages: object, **options: Any) -> Any:
        self._users.add(options.get("user_id"))
        return self.client.add(messages, **options)

    def search(self, query: str, *, filters: Ids, **options: Any) -> Any:
        found = records(self.client.search(query, filters=filters, **options))
        return {"results": found[: max(1, len(found) // max(1, len(self._users)))]}


@breakage(Layer.STORE, caught_by="noninterference")
def page_shared_out(client: Client) -> MakeMemory:
    """A page's places are shared out among the users that there are: the more they are, the less each finds."""
    return bind(_Store(client))
