"""An audit trail that knows of each delete, and of no reset."""

from collections.abc import Mapping
from typing import Any

from ...base.refusals import RecordNotFoundError
from ...performing.scripts import perform
from ...real_mem0.client import Client, Stored, fetch, records
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


@breakage(Layer.WRAPPER, caught_by="residue")
def reset_leaves_history(client: Client) -> MakeMemory:
    """The earlier texts are kept in a table of their own, which a reset of the store does not know."""
    trail: dict[str, tuple[str, list[Stored]]] = {}

    class _Memory(UncheckedMemory):
        def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
            reply = super().add(text, infer=infer, metadata=metadata)
            for record in records(reply):
                trail[record["id"]] = (self.user_id, [{"memory_id": record["id"], "new_memory": text}])
            return reply

        def history(self, record_id: str) -> Any:
            if record_id not in trail:
                return super().history(record_id)
            owner, texts = trail[record_id]
            if owner != self.user_id:
                raise RecordNotFoundError
            return texts

        def delete(self, record_id: str) -> Any:
            reply = super().delete(record_id)
            trail.pop(record_id, None)
            return reply

        def delete_all(self) -> Any:
            reply = super().delete_all()
            for known in [known for known in trail if perform(fetch(client, known)) is None]:
                del trail[known]
            return reply

    return bind(client, _Memory)
