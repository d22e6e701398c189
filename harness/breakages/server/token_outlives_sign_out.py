"""A token is good until its time is up, whatever happens."""

from ...real_mem0.client import Client
from ...targets.application.tokens import Tokens
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _Stateless(Tokens):
    def end(self, token: str) -> None:
        del token


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def token_outlives_sign_out(client: Client) -> Application:
    """Signing out lets the program forget its token; the server knows of no token that has ended."""
    return Application(client, Parts(tokens=_Stateless))
