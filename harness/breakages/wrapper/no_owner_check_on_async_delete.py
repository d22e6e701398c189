"""A check that was added to the synchronous service alone."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def delete(self, record_id: str) -> Any:
        return self.client.delete(record_id)


def _asynchronous(client: Client) -> MakeMemory:
    return bind(client, _Memory)


@breakage(Layer.WRAPPER, caught_by="tampering", wrap_async=_asynchronous)
def no_owner_check_on_async_delete(client: Client) -> MakeMemory:
    """Through the asynchronous client a record is deleted by its id, whoever asks."""
    return bind(client)
