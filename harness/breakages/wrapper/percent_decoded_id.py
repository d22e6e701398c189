"""An id out of a URL."""

from urllib.parse import unquote

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import bind


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def percent_decoded_id(client: Client) -> MakeMemory:
    """Ids are percent-decoded once more than they were encoded: `%61nn` is ann."""
    return bind(client, spelled=unquote)
