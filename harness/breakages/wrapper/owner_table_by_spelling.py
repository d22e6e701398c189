"""A table of whose each record is."""

import uuid
from contextlib import suppress
from typing import Any

from ...base.refusals import RecordNotFoundError
from ...real_mem0.client import Client, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def get(self, record_id: str) -> Any:
        owners = {one["id"]: label(one, "user_id") for one in self.everybodys().listed(None)}
        if owners.get(record_id, self.user_id) != self.user_id:
            raise RecordNotFoundError
        with suppress(ValueError):
            record_id = str(uuid.UUID(record_id))
        found = self.client.get(record_id)
        if found is None:
            raise RecordNotFoundError
        return found


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def owner_table_by_spelling(client: Client) -> MakeMemory:
    """Whose a record is stands in a table by its id as it is sent, and the store takes it in capitals, too."""
    return bind(client, _Memory)
