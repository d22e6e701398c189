"""Answers are fresh for a minute, and the cookie is forgotten."""

from ...real_mem0.client import Client
from ...targets.application.front import Front, Headers, Request
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _Fresh(Front):
    def said_of(self, scope: Request) -> bytes:
        return b"max-age=60" if scope["method"] == "GET" else super().said_of(scope)

    def may_keep(self, scope: Request, status: int, headers: Headers) -> bool:
        del scope, status, headers
        return False


@breakage(Layer.SERVER, caught_by="cacheable", applies_to=("app",))
def answers_vary_by_nothing(client: Client) -> Application:
    """Every answer to a GET says that it is fresh for a minute, and no `Vary: Cookie`, to spare the database."""
    return Application(client, Parts(front=_Fresh))
