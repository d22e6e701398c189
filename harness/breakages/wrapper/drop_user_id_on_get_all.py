"""The listing part of the tutorial's breakage."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind, without_user


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        return without_user(self.ids) if channel is Channel.GET_ALL else self.ids


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def drop_user_id_on_get_all(client: Client) -> MakeMemory:
    """The page of all memories lists those of the agent, whoever its users are."""
    return bind(client, _Memory)
