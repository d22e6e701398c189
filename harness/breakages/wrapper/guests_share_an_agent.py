"""Whoever has not signed in yet is known by a run."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import AGENT, Ids, UncheckedMemory, bind


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def guests_share_an_agent(client: Client) -> MakeMemory:
    """Guests, known by a run alone, are searched for by the agent, which all guests share."""
    make = bind(client)

    def make_memory(user_id: str | None, *, agent_id: str = AGENT, run_id: str | None = None) -> object:
        if user_id is None and run_id:
            return _Guest(client, {"agent_id": agent_id, "run_id": run_id})
        return make(user_id, agent_id=agent_id, run_id=run_id)

    return make_memory


class _Guest(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        return {"agent_id": self.ids["agent_id"]} if channel is Channel.SEARCH else self.ids
