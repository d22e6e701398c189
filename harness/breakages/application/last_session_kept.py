"""A request without a token."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import bind


@breakage(Layer.APPLICATION, caught_by="canary_leak")
def last_session_kept(client: Client) -> MakeMemory:
    """A request that brings no user id is served with the session of the request before."""
    make_memory = bind(client)
    sessions: list[Any] = []

    def make(user_id: Any, **ids: str) -> Any:
        if user_id or not sessions:
            sessions[:] = [make_memory(user_id, **ids)]
        return sessions[0]

    return make
