"""One mailbox, one user."""

import re

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import bind

_TAG = re.compile(r"\+[^@]*(?=@)")


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def address_tag_dropped(client: Client) -> MakeMemory:
    """What stands between `+` and `@` is dropped from an id: ann+news@example.com is ann@example.com."""
    return bind(client, spelled=lambda user_id: _TAG.sub("", user_id))
