"""The reading half of the tutorial's breakage."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind, without_user


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        return without_user(self.ids) if channel is Channel.SEARCH else self.ids


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def drop_user_id_on_search(client: Client) -> MakeMemory:
    """Records are stored under user and agent, and searched by the agent alone."""
    return bind(client, _Memory)
