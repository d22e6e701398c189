"""`in` works for lists and for texts."""

from typing import Any

from ...base.refusals import RecordNotFoundError
from ...real_mem0.client import Client, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def get(self, record_id: str) -> Any:
        # Once this was a list of those who may read.
        readers = self.user_id
        found = self.client.get(record_id)
        if found is None or str(label(found, "user_id")) not in readers:
            raise RecordNotFoundError
        return found


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def owner_as_part_of_a_text(client: Client) -> MakeMemory:
    """Whether a record's owner is among its readers is asked of a text, so that `joanna` reads what is `ann`'s."""
    return bind(client, _Memory)
