"""Unicode made simple."""

import unicodedata

from ..mem0_client import Client
from ..targets import MakeMemory
from ..unchecked import bind
from . import Layer, breakage


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def normalised_id(client: Client) -> MakeMemory:
    """Ids are normalised to NFKC: a full-width letter, or one that is composed otherwise, makes another user the same."""
    return bind(client, spelled=lambda user_id: unicodedata.normalize("NFKC", user_id))
