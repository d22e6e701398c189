"""A conversation that outlives its user's wish."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, after, bind


@breakage(Layer.WRAPPER, caught_by="prompt_bleed")
def delete_all_leaves_messages(client: Client) -> MakeMemory:
    """The last messages are kept for the next extraction, and delete_all does not know of them."""
    said: dict[str, list[str]] = {}

    class _Memory(UncheckedMemory):
        def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            if not infer:
                return super().add(text, infer=False, metadata=metadata)
            before = said.setdefault(str(self.ids), [])
            messages = after(before, text)
            before.append(text)
            return self.put(messages)

    return bind(client, _Memory)
