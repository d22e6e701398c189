"""The ids of a call are joined to one key, in alphabetical order."""

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import AGENT, bind


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def parts_sorted_in_key(client: Client) -> MakeMemory:
    """The user and the run are sorted and joined to one key, so whoever has them the other way round shares it."""
    make = bind(client)

    def make_memory(user_id: str, *, agent_id: str = AGENT, run_id: str | None = None) -> object:
        if run_id is None:
            return make(user_id, agent_id=agent_id)
        return make("..".join(sorted((user_id, run_id))), agent_id=agent_id)

    return make_memory
