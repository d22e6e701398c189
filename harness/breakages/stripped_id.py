"""Tidying up what users type."""

from ..mem0_client import Client
from ..unchecked import bind
from ..wrappers import MakeMemory
from . import ALSO_PLATFORM, Layer, breakage


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def stripped_id(client: Client) -> MakeMemory:
    """Blanks around an id are stripped: whoever signs up as "alice " is alice."""
    return bind(client, spelled=str.strip)
