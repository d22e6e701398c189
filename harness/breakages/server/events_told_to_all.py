"""Whoever has subscribed is told."""

from ...real_mem0.client import Client
from ...targets.application.accounts import Account
from ...targets.application.feeds import Feeds, Subscription
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _ToAll(Feeds):
    def of(self, account: Account) -> list[Subscription]:
        del account
        return [*self.open]


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def events_told_to_all(client: Client) -> Application:
    """A new record is told to all who have subscribed, by events and by WebSocket."""
    return Application(client, Parts(feeds=_ToAll))
