"""Unicode made simple."""

import unicodedata

from ..mem0_client import Client
from ..unchecked import bind
from ..wrappers import MakeMemory
from . import Layer, breakage


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def normalised_id(client: Client) -> MakeMemory:
    """Ids are normalised to NFKC: who writes alice in full-width letters is alice."""
    return bind(client, spelled=lambda user_id: unicodedata.normalize("NFKC", user_id))
