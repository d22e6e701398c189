"""One run or all of them."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import AGENT, Ids, UncheckedMemory, bind, without_user


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def star_run_is_any_run(client: Client) -> MakeMemory:
    """A run called `*` is read as all runs of the agent, whoever they are."""
    make = bind(client)

    def make_memory(user_id: str, *, agent_id: str = AGENT, run_id: str | None = None) -> object:
        if run_id == "*":
            return _AnyRun(client, {**make(user_id, agent_id=agent_id).ids, "run_id": "any"})
        return make(user_id, agent_id=agent_id, run_id=run_id)

    return make_memory


class _AnyRun(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        if channel in (Channel.SEARCH, Channel.GET_ALL):
            return {name: value for name, value in without_user(self.ids).items() if name != "run_id"}
        return self.ids
