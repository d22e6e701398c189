"""A thread that serves one user after the other."""

import threading

from ..channels import Channel
from ..mem0_client import Client
from ..unchecked import Ids, UncheckedMemory, bind
from ..wrappers import MakeMemory
from . import Layer, breakage


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
