"""A column that is too narrow."""

from ..mem0_client import Client
from ..unchecked import bind
from ..wrappers import MakeMemory
from . import Layer, breakage


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def truncated_id(client: Client) -> MakeMemory:
    """Ids are cut to the 64 characters that the column holds: two long ones with one beginning are one user."""
    return bind(client, spelled=lambda user_id: user_id[:64])
