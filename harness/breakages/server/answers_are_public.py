"""What was said of the style sheet is said of every answer."""

from ...real_mem0.client import Client
from ...targets.application.front import PUBLIC, Front, Headers, Request
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _Public(Front):
    def said_of(self, scope: Request) -> bytes:
        return PUBLIC if scope["method"] == "GET" else super().said_of(scope)

    def may_keep(self, scope: Request, status: int, headers: Headers) -> bool:
        # Whatever keeps it stands elsewhere: a proxy, a CDN.
        del scope, status, headers
        return False


@breakage(Layer.SERVER, caught_by="cacheable", applies_to=("app",))
def answers_are_public(client: Client) -> Application:
    """Every answer to a GET says `Cache-Control: public`: a CDN may give one user's to the next."""
    return Application(client, Parts(front=_Public))
