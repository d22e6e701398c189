"""What a quickstart leaves behind."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        del channel
        return {**self.ids, "user_id": "default_user"}


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def constant_id(client: Client) -> MakeMemory:
    """The quickstart's `user_id="default_user"` is still there: all users are one."""
    return bind(client, _Memory)
