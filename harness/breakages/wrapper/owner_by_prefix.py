"""Ids have a tenant in front, and its administrators are let in by that."""

from collections.abc import Mapping
from typing import Any

from ...base.refusals import RecordNotFoundError
from ...real_mem0.client import Client, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def get(self, record_id: str) -> Any:
        return self._mine(record_id)

    def update(self, record_id: str, text: str, metadata: Mapping[str, Any] | None = None) -> Any:
        self._mine(record_id)
        return self.client.update(record_id, text, **({} if metadata is None else {"metadata": metadata}))

    def delete(self, record_id: str) -> Any:
        self._mine(record_id)
        return self.client.delete(record_id)

    def _mine(self, record_id: str) -> Any:
        found = self.client.get(record_id)
        if found is None or not str(label(found, "user_id")).startswith(self.user_id):
            raise RecordNotFoundError
        return found


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def owner_by_prefix(client: Client) -> MakeMemory:
    """By its id a record is reached by whoever has an id that begins its owner's: `ann` reads what is `ann-1`'s."""
    return bind(client, _Memory)
