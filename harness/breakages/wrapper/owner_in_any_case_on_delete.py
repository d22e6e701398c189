"""A user id is an e-mail address, and those are compared without case."""

from typing import Any

from ...base.refusals import RecordNotFoundError
from ...real_mem0.client import Client, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def delete(self, record_id: str) -> Any:
        found = self.client.get(record_id)
        if found is None or str(label(found, "user_id")).lower() != self.user_id.lower():
            raise RecordNotFoundError
        return self.client.delete(record_id)


@breakage(Layer.WRAPPER, caught_by="tampering")
def owner_in_any_case_on_delete(client: Client) -> MakeMemory:
    """A record is deleted for whoever has its owner's id in other case; all other calls compare ids as they are."""
    return bind(client, _Memory)
