"""A run that is over is removed whole."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind, without_user


@breakage(Layer.WRAPPER, caught_by="tampering")
def delete_all_by_run_alone(client: Client) -> MakeMemory:
    """In a run, delete_all drops the user id: everybody's records of a run of that name go."""
    return bind(client, _ByRun)


class _ByRun(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        return without_user(self.ids) if channel is Channel.DELETE_ALL and "run_id" in self.ids else self.ids
