"""An audit trail that nobody erases."""

from collections.abc import Mapping
from typing import Any

from ...base.refusals import RecordNotFoundError
from ...real_mem0.client import Client, Stored, records
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.WRAPPER, caught_by="residue")
def delete_all_leaves_history(client: Client) -> MakeMemory:
    """The earlier texts are kept in a table of their own, which delete_all does not know."""
    trail: dict[str, tuple[str, list[Stored]]] = {}

    class _Memory(UncheckedMemory):
        def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            reply = super().add(text, infer=infer, metadata=metadata)
            for record in records(reply):
                trail[record["id"]] = (self.user_id, [{"memory_id": record["id"], "new_memory": text}])
            return reply

        def history(self, record_id: str) -> Any:
            owner, texts = trail.get(record_id, ("", []))
            if owner != self.user_id:
                raise RecordNotFoundError
            return texts

        def delete(self, record_id: str) -> Any:
            reply = super().delete(record_id)
            trail.pop(record_id, None)
            return reply

    return bind(client, _Memory)
