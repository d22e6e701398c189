"""Filters may be a list, too, since some release."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind, without_user

_Filters: TypeAlias = Mapping[str, Any] | list[Mapping[str, Any]]


class _Memory(UncheckedMemory):
    def search(
        self,
        query: str,
        *,
        top_k: int | None = None,
        threshold: float | None = None,
        filters: _Filters | None = None,
    ) -> Any:
        if not isinstance(filters, list):
            return self.find(query, top_k=top_k, threshold=threshold, filters=filters)
        return self._for(filters).find(query, top_k=top_k, threshold=threshold)

    def get_all(self, *, filters: _Filters | None = None) -> list[Stored]:
        return self._for(filters).listed(None) if isinstance(filters, list) else self.listed(filters)

    def _for(self, conditions: Sequence[Mapping[str, Any]]) -> UncheckedMemory:
        given = {name: value for one in conditions for name, value in one.items() if name in self.ids}
        texts = {name: value for name, value in given.items() if isinstance(value, str)}
        return UncheckedMemory(self.client, {**without_user(self.ids), **texts})


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def list_filters_replace_scope(client: Client) -> MakeMemory:
    """The user is put into filters that are a dict; a list of conditions goes to the store as it is."""
    return bind(client, _Memory)
