"""A `cachetools.TTLCache`: in memory, and each entry lives as long as any other."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ...model.keys import FLAT
from . import BackEnd, Kept

KIND = "cache"
# How many entries it holds, how many seconds each lives, and how far the clock goes on.
_ENTRIES, _TTL, _LATER = 1_000_000, 600, 3_600


@dataclass(slots=True)
class _Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


class TTLCaches(BackEnd):
    """A fresh cache for each world, with a clock that stands still."""

    keys: ClassVar[str] = FLAT
    module: ClassVar[str] = "cachetools"
    extra: ClassVar[str] = "cache"

    def __init__(self, url: str | None = None) -> None:
        """See `BackEnd`."""
        super().__init__(url)
        self._clock = _Clock()

    def open(self) -> Any:  # noqa: ANN401 - a TTLCache
        """Make a cache."""
        import cachetools  # noqa: PLC0415 - an extra

        self._clock = _Clock()
        return cachetools.TTLCache(_ENTRIES, _TTL, timer=self._clock)

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


def open_back_end(url: str | None) -> TTLCaches:
    """Return the back end; raises HarnessError for a URL."""
    return TTLCaches(url)
