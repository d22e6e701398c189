"""A folder for each user."""

import posixpath

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import bind

_ROOT = "/srv/users"


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def path_joined(client: Client) -> MakeMemory:
    """Ids are parts of a path, and the path is normalised: whoever signs up as `x/../ann` is ann."""
    return bind(
        client, spelled=lambda user_id: posixpath.relpath(posixpath.join(_ROOT, user_id), _ROOT) if user_id else ""
    )
