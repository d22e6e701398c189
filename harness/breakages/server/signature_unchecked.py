"""A token is read, not verified."""

from ...real_mem0.client import Client
from ...targets.application.tokens import Tokens
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _Unchecked(Tokens):
    def read(self, token: str, purpose: str) -> dict[str, object] | None:
        import jwt  # noqa: PLC0415 - of an extra

        try:
            return dict(jwt.decode(token, options={"verify_signature": False}, audience=purpose))
        except jwt.InvalidTokenError:
            return None


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def signature_unchecked(client: Client) -> Application:
    """A token is decoded without its signature, because a gateway is said to have checked it."""
    return Application(client, Parts(tokens=_Unchecked))
