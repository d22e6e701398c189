"""A key that is compared in lower case."""

from ..mem0_client import Client
from ..unchecked import bind
from ..wrappers import MakeMemory
from . import Layer, breakage


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def folded_id(client: Client) -> MakeMemory:
    """Ids are folded to lower case, as e-mail addresses are: `Alice` is `alice`."""
    return bind(client, spelled=str.casefold)
