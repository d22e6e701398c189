"""A run is cleared, and with it all others of the same person."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind


@breakage(Layer.WRAPPER, caught_by="tampering")
def delete_all_of_all_runs(client: Client) -> MakeMemory:
    """`delete_all` in one run drops the run, and removes what the person's other runs hold, which it never shows."""
    return bind(client, _OfAllRuns)


class _OfAllRuns(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        if channel is Channel.DELETE_ALL:
            return {name: value for name, value in self.ids.items() if name != "run_id"}
        return self.ids
