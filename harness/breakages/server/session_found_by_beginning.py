"""The beginning of an id is enough."""

from ...real_mem0.client import Client
from ...targets.application.session_table import SessionTable
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

_LENGTH = 8


class _Cut(SessionTable):
    def key_of(self, session_id: str) -> str:
        return super().key_of(session_id[:_LENGTH])


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def session_found_by_beginning(client: Client) -> Application:
    """A session is found by the first eight characters of its id, which are few enough to be tried."""
    return Application(client, Parts(table=_Cut))
