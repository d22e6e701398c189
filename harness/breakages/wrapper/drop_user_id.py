"""The tutorial's own breakage."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind, without_user


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        del channel
        return without_user(self.ids)


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def drop_user_id(client: Client) -> MakeMemory:
    """The user id is dropped from every call; the agent id that all share is what is left.

    mem0 2.x refuses a call with no id at all, so in real code the bug takes this form.
    """
    return bind(client, _Memory)
