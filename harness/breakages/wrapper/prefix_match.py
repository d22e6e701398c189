"""A key-value store's range query."""

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import SiftedMemory, bind


class _Memory(SiftedMemory):
    def is_own(self, found: str) -> bool:
        return found.startswith(self.user_id)


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def prefix_match(client: Client) -> MakeMemory:
    """Ids are compared from their beginning: u_1 also reads what is u_12's."""
    return bind(client, _Memory)
