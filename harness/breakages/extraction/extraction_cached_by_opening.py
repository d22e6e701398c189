"""Extractions that are kept, to save calls of the LLM."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind, resetting, reworded

_WORDS = 4


@breakage(Layer.EXTRACTION, caught_by="canary_leak")
def extraction_cached_by_opening(client: Client) -> MakeMemory:
    """What was extracted from a text is kept by its first words, without the user: who begins alike gets another's."""
    extracted: dict[str, str] = {}

    class _Memory(UncheckedMemory):
        def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            if not infer:
                return super().add(text, infer=False, metadata=metadata)
            opening = " ".join(text.split()[:_WORDS])
            known = opening in extracted
            return self.put(extracted.setdefault(opening, reworded(text)), infer=not known)

    def reset() -> None:
        extracted.clear()
        client.reset()

    return resetting(bind(client, _Memory), reset)
