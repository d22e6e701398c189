"""A `cachetools.TLRUCache`: in memory, and each entry says with its value how long it lives."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from ...model.keys import FLAT
from . import BackEnd, Kept
from .mapping import Timed

KIND = "cache"
# How many entries it holds, and how many seconds the clock goes on.
_ENTRIES, _LATER = 1_000_000, 3_600


@dataclass(slots=True)
class _Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


class TLRUCaches(BackEnd):
    """A fresh cache for each world, with a clock that stands still."""

    keys: ClassVar[str] = FLAT
    module: ClassVar[str] = "cachetools"
    extra: ClassVar[str] = "cache"

    def __init__(self, url: str | None = None) -> None:
        """See `BackEnd`."""
        super().__init__(url)
        self._clock = _Clock()

    def open(self) -> Any:  # noqa: ANN401 - a TLRUCache
        """Make a cache."""
        import cachetools  # noqa: PLC0415 - an extra

        self._clock = _Clock()
        return cachetools.TLRUCache(_ENTRIES, _end, timer=self._clock)

    def close(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Empty it."""
        place.clear()

    def storage(self, place: Any) -> Kept:  # noqa: ANN401 - as above
        """Return every key and value."""
        return {"cache": [f"{key}: {value}" for key, value in place.items()]}

    def expire(self, place: Any) -> None:  # noqa: ANN401 - as above
        """Let an hour pass."""
        del place
        self._clock.now += _LATER


def open_back_end(url: str | None) -> TLRUCaches:
    """Return the back end; raises HarnessError for a URL."""
    return TLRUCaches(url)


def _end(key: Any, value: Any, now: float) -> float:  # noqa: ANN401 - any key and value
    """Return the second at which an entry is gone."""
    del key
    return now + value.ttl if isinstance(value, Timed) else math.inf
