"""The writing half of the tutorial's breakage."""

from ..mem0_client import Client
from ..targets import MakeMemory
from ..wrappers.plain import PlainMemory
from . import breakage

AGENT = {"agent_id": "assistant"}


@breakage(caught_by="lost")
def drop_user_id_on_add(client: Client) -> MakeMemory:
    """Records are stored under the agent alone, and searched by user and agent: nobody finds their own."""

    def make_memory(user_id: str, **ids: str) -> PlainMemory:
        left = {**AGENT, **ids}
        both = {"user_id": user_id, **left}
        return PlainMemory(client, write=left, read=both, erase=both)

    return make_memory
