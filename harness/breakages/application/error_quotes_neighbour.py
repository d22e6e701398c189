"""An error that helps too much."""

from typing import Any

from ...performing.scripts import perform
from ...real_mem0.client import Client, fetch, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def get(self, record_id: str) -> Any:
        record = perform(fetch(self.client, record_id))
        if record is None or label(record, "user_id") != self.user_id:
            msg = f"no record of yours: {record and record['memory']!r}"
            raise PermissionError(msg)
        return record


@breakage(Layer.APPLICATION, caught_by="canary_leak")
def error_quotes_neighbour(client: Client) -> MakeMemory:
    """Who asks for another's record is refused, with the record in the error's text."""
    return bind(client, _Memory)
