"""The asynchronous twin of a method, written by hand."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind, without_user


class _Memory(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        return without_user(self.ids) if channel is Channel.DELETE_ALL else self.ids


def _asynchronous(client: Client) -> MakeMemory:
    return bind(client, _Memory)


@breakage(Layer.WRAPPER, caught_by="tampering", wrap_async=_asynchronous)
def drop_user_id_on_async_delete_all(client: Client) -> MakeMemory:
    """When one user leaves through the asynchronous client, everything that the agent knows is deleted."""
    return bind(client)
