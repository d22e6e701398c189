"""Tidying up what users type."""

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import bind


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def stripped_id(client: Client) -> MakeMemory:
    """Blanks around an id are stripped: whoever signs up as "alice " is alice."""
    return bind(client, spelled=str.strip)
