"""An id with something to encode is encoded in one place and not in the other."""

from ...model.channels import Channel
from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import Ids, UncheckedMemory, bind


@breakage(Layer.WRAPPER, caught_by="residue")
def odd_ids_stay(client: Client) -> MakeMemory:
    """`delete_all` encodes the user id once more, so whoever has one with something to encode erases nothing."""
    return bind(client, _EncodedTwice, checked=False)


class _EncodedTwice(UncheckedMemory):
    def ids_for(self, channel: Channel) -> Ids:
        twice = self.user_id.replace("%", "%25")
        return {**self.ids, "user_id": twice} if channel is Channel.DELETE_ALL else self.ids
