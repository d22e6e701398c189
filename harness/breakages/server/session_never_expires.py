"""A session has no end."""

from ...real_mem0.client import Client
from ...targets.application.session_table import SessionTable
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _ForEver(SessionTable):
    async def read(self, session_id: str, lifetime: int) -> bytes:
        del lifetime
        _, data = self.kept.get(self.key_of(session_id), (0.0, b""))
        return data


@breakage(Layer.SERVER, caught_by="accepted", applies_to=("app",))
def session_never_expires(client: Client) -> Application:
    """The time of a session is told to the browser alone: the server opens it after its end."""
    return Application(client, Parts(table=_ForEver))
