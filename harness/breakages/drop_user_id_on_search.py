"""The reading half of the tutorial's breakage."""

from ..channels import Channel
from ..mem0_client import Client
from ..unchecked import Ids, UncheckedMemory, bind, without_user
from ..wrappers import MakeMemory
from . import ALSO_PLATFORM, Layer, breakage


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        return without_user(self.ids) if channel is Channel.SEARCH else self.ids


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def drop_user_id_on_search(client: Client) -> MakeMemory:
    """Records are stored under user and agent, and searched by the agent alone."""
    return bind(client, _Memory)
