"""A thread that serves one user after the other."""

import threading

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind


@breakage(Layer.APPLICATION, caught_by="canary_leak")
def thread_local_of_pool(client: Client) -> MakeMemory:
    """The current user is set once for each thread, and threads are reused: later requests are the first one's."""
    local = threading.local()

    class _Memory(UncheckedMemory):
        def ids_for(self, channel: Channel) -> Ids:
            del channel
            if not hasattr(local, "ids"):
                local.ids = self.ids
            ids: Ids = local.ids
            return ids

    return bind(client, _Memory)
