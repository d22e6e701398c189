"""Whoever is not signed in talks to the agent all the same."""

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def no_user_falls_back(client: Client) -> MakeMemory:
    """Without a user id the agent that is named is the whole scope, and everybody who talks to it is read."""
    make = bind(client)

    def make_memory(user_id: object, *, agent_id: str | None = None, run_id: str | None = None) -> object:
        named = {} if agent_id is None else {"agent_id": agent_id}
        if named and not (user_id.strip() if isinstance(user_id, str) else user_id):
            return UncheckedMemory(client, named)
        return make(user_id, run_id=run_id, **named)

    return make_memory
