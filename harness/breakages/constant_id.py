"""What a quickstart leaves behind."""

from ..channels import Channel
from ..mem0_client import Client
from ..unchecked import Ids, UncheckedMemory, bind
from ..wrappers import MakeMemory
from . import ALSO_PLATFORM, Layer, breakage


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        del channel
        return {**self.ids, "user_id": "default_user"}


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def constant_id(client: Client) -> MakeMemory:
    """The quickstart's `user_id="default_user"` is still there: all users are one."""
    return bind(client, _Memory)
