"""Whose a record is nobody asks."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers.scoped import ScopedMemory
from ...targets.application.accounts import Account
from ...targets.application.middle import Middle
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _ById(ScopedMemory):
    __slots__ = ()

    def get(self, record_id: str) -> dict[str, Any]:
        found: dict[str, Any] | None = self._at_hand().get(record_id)
        return super().get(record_id) if found is None else found


class _Unasked(Middle):
    def memory_of(self, account: Account) -> ScopedMemory:
        return _ById(account.user_id, client=self.client)


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def record_id_suffices(client: Client) -> Application:
    """A record is read by its id alone: one's own session opens everybody's records."""
    return Application(client, Parts(middle=_Unasked))
