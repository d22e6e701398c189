"""Answers of one batch are dealt out in the order in which they were asked for."""

import time
from concurrent.futures import Future
from threading import Lock

from ...targets.back_ends.mapping import Expiring
from ...targets.keyed_target import MakeResource
from ..planted import Layer, breakage
from ..unchecked_resource import UncheckedCache, bind_resource

# How long a batch waits for more, in seconds.
_WINDOW = 0.003


class _Batches:
    """The reads that wait for the next batch."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.waiting: list[tuple[tuple[str, str], Future[object]]] = []

    def flush(self, place: Expiring) -> None:
        with self.lock:
            batch, self.waiting = self.waiting, []
        asked = [future for _, future in batch]
        found = [place.get(key) for key in sorted(key for key, _ in batch)]
        for future, value in zip(asked, found, strict=True):
            future.set_result(value)


class _Batched(UncheckedCache):
    def __init__(self, place: Expiring, user_id: str, batches: _Batches) -> None:
        super().__init__(place, user_id)
        self._batches = batches

    def get(self, key: str) -> object:
        future: Future[object] = Future()
        with self._batches.lock:
            first = not self._batches.waiting
            self._batches.waiting.append(((self.user_id, key), future))
        if first:
            time.sleep(_WINDOW)
            self._batches.flush(self.place)
        value = future.result()
        if value is None:
            raise KeyError(key)
        return value


@breakage(Layer.RESOURCE, caught_by="canary_leak", applies_to=("cache",))
def pipeline_answers_mixed(place: Expiring) -> MakeResource:
    """Reads that begin together go as one batch, sorted by user, and come back in the order of asking."""
    batches = _Batches()
    return bind_resource(place, lambda place, user_id: _Batched(place, user_id, batches))
