"""A cache before the application knows no users."""

from ...real_mem0.client import Client
from ...targets.application.front import PUBLIC, Front, Request
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _ByPath(Front):
    def said_of(self, scope: Request) -> bytes:
        # The form to sign in by is each browser's own, as was noticed.
        return PUBLIC if scope["method"] == "GET" and scope["path"] != "/sign-in" else super().said_of(scope)


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def answer_cached_by_path(client: Client) -> Application:
    """Every answer to a GET may be cached, and is, by its path: the next who asks gets the last one's."""
    return Application(client, Parts(front=_ByPath))
