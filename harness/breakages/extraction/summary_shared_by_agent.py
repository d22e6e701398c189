"""A summary that grows with each conversation."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.EXTRACTION, caught_by="canary_leak")
def summary_shared_by_agent(client: Client) -> MakeMemory:
    """After each conversation a summary of what the agent has heard is stored for its user: of all its users."""
    heard: list[str] = []

    class _Memory(UncheckedMemory):
        def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            reply = super().add(text, infer=infer, metadata=metadata)
            if infer:
                heard.append(text)
                self.put(f"Summary: {' '.join(heard[-10:])}", infer=False)
            return reply

    return bind(client, _Memory)
