"""Unicode made simple."""

import unicodedata

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import bind


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def normalised_id(client: Client) -> MakeMemory:
    """Ids are normalised to NFKC: who writes alice in full-width letters is alice."""
    return bind(client, spelled=lambda user_id: unicodedata.normalize("NFKC", user_id))
