"""A client that isolates perfectly and does nothing else well."""

import random
import time
from collections.abc import Mapping
from typing import Any

from .reference_client import ReferenceClient

_EMPTY = 0.3
_SLOW, _SECONDS = 0.01, 0.001
_JITTER = 0.05


class LossyClient(ReferenceClient):
    """Sometimes slow, sometimes empty, in any order and with unstable scores; never another user's.

    `chance` is drawn from over all worlds of a target: each is unlucky in another way.
    """

    def __init__(self, chance: random.Random, *, page: int) -> None:
        """Start empty."""
        self._chance = chance
        super().__init__(page=page)

    def search(
        self, query: str, *, filters: Mapping[str, object], top_k: int | None = None, threshold: float = 0.1
    ) -> dict[str, Any]:
        """Return some of what there is, or nothing, with scores that are about right."""
        found = super().search(query, filters=filters, top_k=top_k, threshold=threshold)["results"]
        return self._by_chance([{**one, "score": one["score"] + self._chance.uniform(0, _JITTER)} for one in found])

    def get_all(self, *, filters: Mapping[str, object], top_k: int | None = None) -> dict[str, Any]:
        """Return what there is in any order, or nothing."""
        return self._by_chance(super().get_all(filters=filters, top_k=top_k)["results"])

    def _by_chance(self, found: list[dict[str, Any]]) -> dict[str, Any]:
        if self._chance.random() < _SLOW:
            time.sleep(_SECONDS)
        self._chance.shuffle(found)
        return {"results": [] if self._chance.random() < _EMPTY else found}
