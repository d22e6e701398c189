"""Ids compared with LIKE."""

from fnmatch import fnmatchcase
from urllib.parse import unquote

from ..mem0_client import Client
from ..unchecked import SiftedMemory, bind
from ..wrappers import MakeMemory
from . import Layer, breakage


class _Memory(SiftedMemory):
    def is_own(self, found: str) -> bool:
        return fnmatchcase(unquote(found), unquote(self.user_id))


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def id_as_pattern(client: Client) -> MakeMemory:
    """An id is compared as a pattern: a user called `*` reads everybody's."""
    return bind(client, _Memory, checked=False)
