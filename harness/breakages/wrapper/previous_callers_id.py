"""A variable of a module that holds the current user."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def previous_callers_id(client: Client) -> MakeMemory:
    """The current user is a variable of the module: each call goes to whoever signed in last."""
    current: dict[str, str] = {}

    class _Memory(UncheckedMemory):
        def __init__(self, client: Client, ids: Ids) -> None:
            super().__init__(client, ids)
            current.update(ids)

        def ids_for(self, channel: Channel) -> Ids:
            del channel
            return current

    return bind(client, _Memory)
