"""A key that is compared in lower case."""

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import bind


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def folded_id(client: Client) -> MakeMemory:
    """Ids are folded to lower case, as e-mail addresses are: `Alice` is `alice`."""
    return bind(client, spelled=str.casefold)
