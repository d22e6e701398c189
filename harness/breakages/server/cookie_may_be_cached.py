"""A public answer sets the cookie of a session anew."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.clock import Clock
from ...targets.application.front import Front, Headers, Request
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage
from ..renewing import Renewing

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class _WithCookies(Front):
    def __init__(self, app: "ASGIApp", clock: Clock) -> None:
        super().__init__(Renewing(app), clock)

    def may_keep(self, scope: Request, status: int, headers: Headers) -> bool:
        del scope, status, headers
        return False


@breakage(Layer.SERVER, caught_by="cacheable", applies_to=("app",))
def cookie_may_be_cached(client: Client) -> Application:
    """A page that caches may keep sets the session's cookie anew: a CDN may give it to the next visitor."""
    return Application(client, Parts(front=_WithCookies))
