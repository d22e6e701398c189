"""Ids compared with LIKE."""

from fnmatch import fnmatchcase
from urllib.parse import unquote

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import SiftedMemory, bind


class _Memory(SiftedMemory):
    def is_own(self, found: str) -> bool:
        return fnmatchcase(unquote(found), unquote(self.user_id))


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def id_as_pattern(client: Client) -> MakeMemory:
    """An id is compared as a pattern: a user called `*` reads everybody's."""
    return bind(client, _Memory, checked=False)
