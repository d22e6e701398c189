"""The secret of an example, never changed."""

from ...real_mem0.client import Client
from ...targets.application.clock import Clock
from ...targets.application.tokens import Tokens
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

# FastAPI's tutorial of JWTs has it.
_COPIED = b"09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"


class _Copied(Tokens):
    def __init__(self, clock: Clock, secret: bytes) -> None:
        del secret
        super().__init__(clock, _COPIED)


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def secret_of_a_tutorial(client: Client) -> Application:
    """Tokens are signed with the secret that a tutorial has, so that anybody can sign one."""
    return Application(client, Parts(tokens=_Copied))
