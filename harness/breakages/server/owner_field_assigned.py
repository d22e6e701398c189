"""Whose a record is stands in the request."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client
from ...scoped.wrappers.scoped import ScopedMemory
from ...targets.application.records import Records
from ...targets.application.whole import Application, Parts
from ..planted import Layer, breakage


class _Assigned(Records):
    def remember(self, memory: ScopedMemory, fields: Mapping[str, Any]) -> list[dict[str, Any]]:
        said = dict(fields)
        owner = said.pop("user_id", memory.user_id)
        return super().remember(ScopedMemory(owner, client=self.client), said)


@breakage(Layer.SERVER, caught_by="canary_leak", applies_to=("app",))
def owner_field_assigned(client: Client) -> Application:
    """The fields of a request become those of the record, its owner's among them."""
    return Application(client, Parts(records=_Assigned))
