"""A check that comes too late."""

import json
from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, records
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def add(self, text: str, *, infer: bool = True, metadata: Mapping[str, Any] | None = None) -> Any:
        reply = super().add(text, infer=infer)
        # mem0 does so, too: it stores the record, then a row of history that the database may refuse.
        json.dumps(metadata, ensure_ascii=False).encode()
        if metadata:
            super().update(records(reply)[0]["id"], text, metadata)
        return reply


@breakage(Layer.STORE, caught_by="residue")
def write_before_check(client: Client) -> MakeMemory:
    """A record is stored, then its metadata are found to be unfit: the add fails, and the record stays."""
    return bind(client, _Memory)
