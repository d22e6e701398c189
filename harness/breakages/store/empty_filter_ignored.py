"""A filter that is left out where it is empty."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import AGENT, UncheckedMemory, bind


@breakage(Layer.STORE, caught_by="canary_leak")
def empty_filter_ignored(client: Client) -> MakeMemory:
    """Conditions without a value are left out of the query: a user whose id got lost is everybody."""
    make_memory = bind(client)

    def make(user_id: Any, **ids: str) -> Any:
        return make_memory(user_id, **ids) if user_id else UncheckedMemory(client, {"agent_id": AGENT, **ids})

    return make
