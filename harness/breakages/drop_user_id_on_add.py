"""The writing half of the tutorial's breakage."""

from ..channels import Channel
from ..mem0_client import Client
from ..unchecked import Ids, UncheckedMemory, bind, without_user
from ..wrappers import MakeMemory
from . import Layer, breakage


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        return without_user(self.ids) if channel is Channel.ADD else self.ids


@breakage(Layer.WRAPPER, caught_by="lost", doubted=True)
def drop_user_id_on_add(client: Client) -> MakeMemory:
    """Records are stored under the agent alone, and looked for by user and agent: nobody finds their own."""
    return bind(client, _Memory)
