"""A query builder that joins its conditions."""

from collections.abc import Mapping
from typing import Any

from ...real_mem0.client import Client, Stored, label
from ...scoped import given
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import EVERYTHING, UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        filters = options.get("filters")
        if not filters:
            return super().find(query, **options)
        found = self.everybodys().find(query, **{**options, "top_k": EVERYTHING, "filters": None})
        return self._fitting(filters, found)

    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        return self._fitting(filters, self.everybodys().listed(None)) if filters else super().listed(None)

    def _fitting(self, filters: Mapping[str, Any], found: list[Stored]) -> list[Stored]:
        wanted = given.filters(filters).items()

        def fits(record: Stored) -> bool:
            stored = record.get("metadata") or {}
            # This is the bug: `or`, for `and`.
            return label(record, "user_id") == self.user_id or any(stored.get(name) == one for name, one in wanted)

        return [record for record in found if fits(record)]


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def any_condition_suffices(client: Client) -> MakeMemory:
    """Conditions are joined by OR, the one by user among them: a record that fits the filter is shown to everybody."""
    return bind(client, _Memory)
