"""An account is closed, and its records wait for the next of that name."""

from dataclasses import replace

from ...real_mem0.client import Client
from ...scoped.wrappers.scoped import ScopedMemory
from ...targets.application.accounts import Account, Accounts
from ...targets.application.records import Records
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _ByName(Accounts):
    def sign_up(self, name: str, password: str) -> Account:
        account = super().sign_up(name, password)
        account = self._known[name] = replace(account, number=1)
        return account


class _Kept(Records):
    def close(self, account: Account, memory: ScopedMemory) -> None:
        del memory
        with self.accounts.closing(account):
            pass


@breakage(Layer.SERVER, caught_by="residue", applies_to=("app",))
def closed_account_keeps_records(client: Client) -> Application:
    """Closing an account removes the user and not what is stored: who takes the name next has it."""
    return Application(client, Parts(accounts=_ByName, records=_Kept))
