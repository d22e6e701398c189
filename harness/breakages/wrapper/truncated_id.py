"""A column that is too narrow."""

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import bind


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def truncated_id(client: Client) -> MakeMemory:
    """Ids are cut to the 64 characters that the column holds: two long ones with one beginning are one user."""
    return bind(client, spelled=lambda user_id: user_id[:64])
