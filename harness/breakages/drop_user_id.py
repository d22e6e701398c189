"""The tutorial's own breakage."""

from ..mem0_client import Client
from ..targets import MakeMemory
from ..wrappers.plain import PlainMemory
from . import breakage

AGENT = {"agent_id": "assistant"}


@breakage(caught_by="canary_leak")
def drop_user_id(client: Client) -> MakeMemory:
    """The user id is dropped from every call; the agent id that all share is what is left.

    mem0 2.x refuses a call with no id at all, so in real code the bug takes this form.
    """

    def make_memory(user_id: str, **ids: str) -> PlainMemory:
        del user_id
        left = {**AGENT, **ids}
        return PlainMemory(client, write=left, read=left, erase=left)

    return make_memory
