"""The export is a page."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers.scoped import ScopedMemory
from ...targets.application.accounts import Account
from ...targets.application.records import Records
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

_PAGE = 20


class _FirstPage(Records):
    def export(self, account: Account, memory: ScopedMemory) -> dict[str, Any]:
        whole = super().export(account, memory)
        return {**whole, "memories": whole["memories"][:_PAGE]}


@breakage(Layer.SERVER, caught_by="lost", applies_to=("app",), doubted=True)
def export_cut_at_a_page(client: Client) -> Application:
    """What is called everything that is stored is the first page of 20."""
    return Application(client, Parts(records=_FirstPage))
