"""An outbox that all share."""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind

EVERY = 3


@breakage(Layer.APPLICATION, caught_by="canary_leak")
def retry_resends_anothers(client: Client) -> MakeMemory:
    """After a time-out the last request of the outbox is sent again; the outbox is everybody's, so it is another's."""
    outbox: list[Callable[[], list[Stored]]] = []
    numbers = count(1)

    class _Memory(UncheckedMemory):
        def find(self, query: str, **options: Any) -> list[Stored]:
            request = partial(super().find, query, **options)
            # Every third search times out.
            times_out = next(numbers) % EVERY == 0
            sent = outbox[0] if outbox and times_out else request
            outbox[:] = [request]
            return sent()

    return bind(client, _Memory)
