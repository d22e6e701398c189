"""A session is believed without looking whether its user is still there."""

from ...real_mem0.client import Client
from ...targets.application.accounts import Account, Accounts, Claim
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _Believed(Accounts):
    def known(self, claim: Claim) -> Account | None:
        return super().known(claim) or Account(claim.name, claim.number, b"", b"", 0)


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def closed_account_stays_signed_in(client: Client) -> Application:
    """Closing an account ends the session that closed it, and none of the user's others."""
    return Application(client, Parts(accounts=_Believed))
