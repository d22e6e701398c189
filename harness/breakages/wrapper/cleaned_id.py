"""A name that is fit for a collection, a folder or a namespace."""

import re

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import bind

_UNFIT = re.compile(r"[^a-z0-9_]")


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def cleaned_id(client: Client) -> MakeMemory:
    """Each character of an id that is no letter, digit or `_` becomes `_`: `ann.b` is `ann_b`."""
    return bind(client, spelled=lambda user_id: _UNFIT.sub("_", user_id))
