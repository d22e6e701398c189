"""Ids compared with LIKE."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from ..mem0_client import Client, Stored, label
from ..unchecked import UncheckedMemory, bind
from ..wrappers import MakeMemory
from . import Layer, breakage

EVERYTHING = 1000


class _Memory(UncheckedMemory):
    def find(self, query: str, **options: Any) -> list[Stored]:
        return self._own(self.everybodys().find(query, **{**options, "top_k": EVERYTHING}))

    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        return self._own(self.everybodys().listed(filters))

    def _own(self, found: list[Stored]) -> list[Stored]:
        pattern = unquote(self.user_id)
        return [record for record in found if fnmatchcase(unquote(str(label(record, "user_id"))), pattern)]


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def id_as_pattern(client: Client) -> MakeMemory:
    """An id is compared as a pattern: a user called `*` reads everybody's."""
    return bind(client, _Memory, checked=False)
