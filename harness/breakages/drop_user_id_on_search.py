"""The reading half of the tutorial's breakage."""

from ..mem0_client import Client
from ..targets import MakeMemory
from ..wrappers.plain import PlainMemory
from . import breakage

AGENT = {"agent_id": "assistant"}


@breakage(caught_by="canary_leak")
def drop_user_id_on_search(client: Client) -> MakeMemory:
    """Records are stored under user and agent, and searched by the agent alone."""

    def make_memory(user_id: str, **ids: str) -> PlainMemory:
        left = {**AGENT, **ids}
        both = {"user_id": user_id, **left}
        return PlainMemory(client, write=both, read=left, erase=both)

    return make_memory
