"""A name is signed up twice."""

from ...real_mem0.client import Client
from ...targets.application.accounts import Account, Accounts
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _Replacing(Accounts):
    def sign_up(self, name: str, password: str) -> Account:
        known = self.named(name)
        if known is None or not password:
            return super().sign_up(name, password)
        with self._changing:
            self._known[name] = self._made(name, known.number, password)
            return self._known[name]


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def name_signed_up_again(client: Client) -> Application:
    """Whoever signs up under a name that is taken gives it a new password, and has the account."""
    return Application(client, Parts(accounts=_Replacing))
