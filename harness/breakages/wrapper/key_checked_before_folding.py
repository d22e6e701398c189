"""One name, and two ways to write it."""

import re
from collections.abc import Mapping
from typing import Any

from ...base.refusals import ScopeError
from ...real_mem0.client import Client, Stored
from ...scoped.wrappers import MakeMemory
from ..planted import Layer, breakage
from ..unchecked import UncheckedMemory, bind


class _Memory(UncheckedMemory):
    def listed(self, filters: Mapping[str, Any] | None) -> list[Stored]:
        given = dict(filters or {})
        if not given.keys().isdisjoint(self.ids):
            raise ScopeError
        snake = {re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower(): value for name, value in given.items()}
        ids = {name: snake.pop(name, value) for name, value in self.ids.items()}
        return UncheckedMemory(self.client, ids).listed(snake)


@breakage(Layer.WRAPPER, caught_by="canary_leak")
def key_checked_before_folding(client: Client) -> MakeMemory:
    """`user_id` may not stand in a filter, but `userId` may: spelling is made one only after the check."""
    return bind(client, _Memory)
