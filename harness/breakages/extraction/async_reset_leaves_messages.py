"""A reset that was written for the synchronous service."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, after, bind


def _asynchronous(client: Client) -> MakeMemory:
    said: dict[str, list[str]] = {}

    class _Memory(UncheckedMemory):
        def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            if not infer:
                return super().add(text, infer=False, metadata=metadata)
            before = said.setdefault(str(self.ids), [])
            messages = after(before, text)
            before.append(text)
            return self.put(messages)

        def delete_all(self) -> Any:
            said.pop(str(self.ids), None)
            return super().delete_all()

    return bind(client, _Memory)


@breakage(Layer.EXTRACTION, caught_by="prompt_bleed", wrap_async=_asynchronous)
def async_reset_leaves_messages(client: Client) -> MakeMemory:
    """The asynchronous client keeps the last messages for the next extraction, also when it resets the store."""
    return bind(client)
