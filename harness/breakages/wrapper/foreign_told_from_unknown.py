"""Two honest answers, 403 and 404."""

from typing import Any

from ...base.refusals import RecordNotFoundError
from ...performing.scripts import perform
from ...real_mem0.client import Client, fetch, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def get(self, record_id: str) -> Any:
        record = perform(fetch(self.client, record_id))
        if record is None:
            raise RecordNotFoundError
        if label(record, "user_id") != self.user_id:
            msg = "you may not read this record"
            raise PermissionError(msg)
        return record


@breakage(Layer.WRAPPER, caught_by="existence")
def foreign_told_from_unknown(client: Client) -> MakeMemory:
    """Another user's record is answered "forbidden", an unknown one "not found": whoever asks learns which exist."""
    return bind(client, _Memory)
