"""Two dicts, merged in the wrong order."""

from typing import Any

from ...real_mem0.client import Client, Stored, records
from ...scoped.wrappers import MakeMemory
from ..planted import ALSO_PLATFORM, Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        scope = {**self.ids, **(options.pop("filters") or {})}
        given = {name: value for name, value in options.items() if value is not None}
        return records(self.client.search(query, filters=scope, **given))


@breakage(Layer.WRAPPER, caught_by="canary_leak", applies_to=ALSO_PLATFORM)
def caller_filters_win(client: Client) -> MakeMemory:
    """The caller's filters are merged over the scope: `filters={"user_id": "alice"}` reads alice's."""
    return bind(client, _Memory)
