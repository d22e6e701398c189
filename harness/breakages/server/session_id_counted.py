"""Ids of sessions follow each other."""

from itertools import count

from ...real_mem0.client import Client
from ...targets.application.session_table import SessionTable
from ...targets.application.sessions import Sessions
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage

_FIRST = 100_000


class _Counted(Sessions):
    def __init__(self, table: SessionTable) -> None:
        super().__init__(table)
        self._numbers = count(_FIRST)

    def new_id(self) -> str:
        return f"session-{next(self._numbers)}"


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def session_id_counted(client: Client) -> Application:
    """The id of a session is a counter: one's own tells the neighbours'."""
    return Application(client, Parts(sessions=_Counted))
