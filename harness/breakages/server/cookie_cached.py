"""A public answer is cached with the cookie that it sets."""

from typing import TYPE_CHECKING

from ...real_mem0.client import Client
from ...targets.application.clock import Clock
from ...targets.application.front import Front, Headers
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage
from ..renewing import Renewing

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class _WithCookies(Front):
    def __init__(self, app: "ASGIApp", clock: Clock) -> None:
        super().__init__(Renewing(app), clock)

    def kept_of(self, headers: Headers) -> Headers:
        return headers


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def cookie_cached(client: Client) -> Application:
    """A public page is cached with the cookie that it renews: the next who looks at it is signed in as the first."""
    return Application(client, Parts(front=_WithCookies))
