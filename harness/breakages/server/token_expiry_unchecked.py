"""A token has no end."""

from ...real_mem0.client import Client
from ...targets.application.tokens import Tokens
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _Endless(Tokens):
    def has_expired(self, said: dict[str, object]) -> bool:
        del said
        return False


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def token_expiry_unchecked(client: Client) -> Application:
    """A token's time stands in it, and nobody looks."""
    return Application(client, Parts(tokens=_Endless))
