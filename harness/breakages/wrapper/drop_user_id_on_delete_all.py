"""The deleting part of the tutorial's breakage."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind, without_user


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        return without_user(self.ids) if channel is Channel.DELETE_ALL else self.ids


@breakage(Layer.WRAPPER, caught_by="tampering", applies_to=ALSO_PLATFORM)
def drop_user_id_on_delete_all(client: Client) -> MakeMemory:
    """When one user leaves, everything that the agent knows is deleted."""
    return bind(client, _Memory)
