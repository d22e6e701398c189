"""An extraction that is shown what the agent knows of everybody."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, label
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind, reworded


@breakage(Layer.EXTRACTION, caught_by="canary_leak")
def extractor_rewords_neighbours(client: Client) -> MakeMemory:
    """The extractor is shown the whole agent's records, and writes a neighbour's fact into this user's, reworded."""

    class _Memory(UncheckedMemory):
        def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            reply = super().add(text, infer=infer, metadata=metadata)
            if infer:
                known = self.everybodys().listed(None)
                neighbours = [record for record in known if label(record, "user_id") != self.user_id]
                for record in neighbours[:1]:
                    self.put(reworded(record["memory"]), infer=False)
            return reply

    return bind(client, _Memory)
