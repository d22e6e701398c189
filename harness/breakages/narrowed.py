"""The plain code in which a caller's own filters are mishandled on their way to the store."""

from collections.abc import Collection, Mapping
from typing import Any

from ..real_mem0.client import Stored
from .unchecked import UncheckedMemory


class NarrowedMemory(UncheckedMemory):
    """Sends what `sent` makes of the caller's own filters; a breakage replaces it."""

    def sent(self, filters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the filters as they reach the store."""
        return dict(filters)

    def find(self, query: str, **options: Any) -> list[Stored]:  # noqa: ANN401 - as UncheckedMemory takes them
        """Search with what is sent of the filters."""
        return super().find(query, **{**options, "filters": self._narrower(options.get("filters"))})

    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        """List with what is sent of the filters."""
        return super().listed(self._narrower(filters))

    def _narrower(self, filters: Mapping[str, Any] | None) -> dict[str, Any] | None:
        return (self.sent(filters) or None) if filters else None


def without_operators(filters: Mapping[str, Any], dropped: Collection[str]) -> dict[str, Any]:
    """Return the filters without these operators, and without the fields that have no others."""
    left = {
        field: {name: one for name, one in said.items() if name not in dropped} if isinstance(said, Mapping) else said
        for field, said in filters.items()
    }
    return {field: said for field, said in left.items() if said != {}}
