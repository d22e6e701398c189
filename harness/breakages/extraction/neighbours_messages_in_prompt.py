"""A conversation that is kept by agent."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, after, bind, resetting


@breakage(Layer.EXTRACTION, caught_by="prompt_bleed")
def neighbours_messages_in_prompt(client: Client) -> MakeMemory:
    """The last messages for the extraction prompt are kept by agent: another user's stand before one's own."""
    said: list[str] = []

    class _Memory(UncheckedMemory):
        def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            if not infer:
                return super().add(text, infer=False, metadata=metadata)
            messages = after(said[-10:], text)
            said.append(text)
            return self.put(messages)

    def reset() -> None:
        said.clear()
        client.reset()

    return resetting(bind(client, _Memory), reset)
