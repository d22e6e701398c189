"""The writing half of the tutorial's breakage."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind, without_user


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        return without_user(self.ids) if channel is Channel.ADD else self.ids


@breakage(Layer.WRAPPER, caught_by="lost", doubted=True)
def drop_user_id_on_add(client: Client) -> MakeMemory:
    """Records are stored under the agent alone, and looked for by user and agent: nobody finds their own."""
    return bind(client, _Memory)
