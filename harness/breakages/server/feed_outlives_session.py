"""Who is signed in is asked when a feed is opened."""

from ...real_mem0.client import Client
from ...targets.application.feeds import Feeds
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _OnceOpened(Feeds):
    def ends(self, *, signed_in: bool) -> bool:
        del signed_in
        return False


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def feed_outlives_session(client: Client) -> Application:
    """Who has subscribed is told of what is stored for as long as the connection lasts, also after signing out."""
    return Application(client, Parts(feeds=_OnceOpened))
