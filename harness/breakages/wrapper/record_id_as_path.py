"""A file for each record."""

import posixpath
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def get(self, record_id: str) -> Any:
        # The folder is the user's, whoever's that is by then.
        folder, _, name = posixpath.normpath(posixpath.join(self.user_id, record_id)).rpartition("/")
        return UncheckedMemory(self.client, {**self.ids, "user_id": folder or self.user_id}).get(name)


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def record_id_as_path(client: Client) -> MakeMemory:
    """A record is read by the path of its user and its id: with `../ann/` before it, an id is one of ann's."""
    return bind(client, _Memory)
