"""A link in a letter signs in."""

from ...real_mem0.client import Client
from ...targets.application.tokens import API, UNSUBSCRIBE, Tokens
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _AnyPurpose(Tokens):
    def read(self, token: str, purpose: str) -> dict[str, object] | None:
        del purpose
        return super().read(token, API) or super().read(token, UNSUBSCRIBE)


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def token_purpose_unchecked(client: Client) -> Application:
    """A token for any purpose opens the API: so does that in the link by which letters are stopped."""
    return Application(client, Parts(tokens=_AnyPurpose))
