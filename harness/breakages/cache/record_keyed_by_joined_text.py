"""A cache of records, in front of the check of their owner."""

from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.CACHE, caught_by="canary_leak")
def record_keyed_by_joined_text(client: Client) -> MakeMemory:
    """Records are cached by the user, a dash and the record's id: `a` who asks for `b-7` is given record 7 of `a-b`."""
    cache: dict[str, Any] = {}

    class _Memory(UncheckedMemory):
        def get(self, record_id: str) -> Any:
            key = f"{self.user_id}-{record_id}"
            if key not in cache:
                cache[key] = super().get(record_id)
            return cache[key]

        def update(self, record_id: str, text: str, metadata: Any = None) -> Any:
            cache.clear()
            return super().update(record_id, text, metadata)

        def delete(self, record_id: str) -> Any:
            cache.clear()
            return super().delete(record_id)

        def delete_all(self) -> Any:
            cache.clear()
            return super().delete_all()

    return bind(client, _Memory)
