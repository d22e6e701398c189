"""A token says itself that it needs no signature."""

from ...real_mem0.client import Client
from ...targets.application.tokens import Tokens
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _AsItSays(Tokens):
    def read(self, token: str, purpose: str) -> dict[str, object] | None:
        import jwt  # noqa: PLC0415 - of an extra

        try:
            unsigned = jwt.get_unverified_header(token).get("alg") == "none"
            if unsigned:
                return dict(jwt.decode(token, options={"verify_signature": False}, audience=purpose))
        except jwt.InvalidTokenError:
            return None
        return super().read(token, purpose)


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def unsigned_token_accepted(client: Client) -> Application:
    """A token is verified by the algorithm that it names itself, and `none` is one."""
    return Application(client, Parts(tokens=_AsItSays))
