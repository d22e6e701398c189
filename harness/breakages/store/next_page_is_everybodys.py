"""A cursor that has lost its filter."""

from collections.abc import Mapping
from typing import Any

from ...model.channels import Channel
from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind, of_all_agents

PAGE = 1000


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        return of_all_agents(self.ids) if channel in (Channel.GET_ALL, Channel.DELETE_ALL) else self.ids

    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        found = super().listed(filters)
        # From the second page on the store asks for what the agent knows.
        return found if len(found) <= PAGE else [*found, *self.everybodys().listed(filters)]


@breakage(Layer.STORE, caught_by="canary_leak", applies_to=("reference",))
def next_page_is_everybodys(client: Client) -> MakeMemory:
    """The first thousand records of a listing are the user's; the cursor to the next page holds no user."""
    return bind(client, _Memory)
