"""A mapping in memory whose values may run out, as a web framework's local cache is one."""

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ...model.keys import FLAT
from . import BackEnd, Kept

KIND = "cache"


@dataclass(frozen=True, slots=True)
class Timed:
    """A value for so many seconds, where a mapping has no other place to say it."""

    value: Any
    ttl: float


class Expiring(MutableMapping[Any, Any]):
    """A dict with a clock of its own: what was put for a time is gone when `advance` has passed that.

    `rows` are all values that it still keeps, also those that ran out.
    """

    def __init__(self) -> None:
        """Start empty, at second 0."""
        self.now = 0.0
        self.rows: dict[Any, tuple[Any, float | None]] = {}

    def put(self, key: Any, value: Any, ttl: float | None = None) -> None:  # noqa: ANN401 - any key and value
        """Put a value for so many seconds, or for good."""
        self.rows[key] = value, None if ttl is None else self.now + ttl

    def advance(self, seconds: float) -> None:
        """Let time pass; what has run out is dropped."""
        self.now += seconds
        self.rows = {key: row for key, row in self.rows.items() if row[1] is None or row[1] > self.now}

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401 - any key and value
        """Return the value; raises KeyError where there is none any more."""
        return self.rows[key][0]

    def __setitem__(self, key: Any, value: Any) -> None:  # noqa: ANN401 - any key and value
        """Put a value, for its time where it has one."""
        if isinstance(value, Timed):
            self.put(key, value.value, value.ttl)
        else:
            self.put(key, value)

    def __delitem__(self, key: Any) -> None:  # noqa: ANN401 - any key
        """Remove a value; raises KeyError where there is none."""
        del self.rows[key]

    def __iter__(self) -> Iterator[Any]:
        """Yield the keys."""
        return iter(list(self.rows))

    def __len__(self) -> int:
        """Count the values."""
        return len(self.rows)


class InMemory(BackEnd):
    """A fresh mapping for each world."""

    keys: ClassVar[str] = FLAT

    def open(self) -> Expiring:
        """Make a mapping."""
        return Expiring()

    def close(self, place: Expiring) -> None:
        """Empty it."""
        place.clear()

    def storage(self, place: Expiring) -> Kept:
        """Return every key and value that it keeps."""
        return {"cache": [f"{key}: {value}" for key, (value, _) in place.rows.items()]}

    def expire(self, place: Expiring) -> None:
        """Let an hour pass."""
        place.advance(3600)


def open_back_end(url: str | None) -> InMemory:
    """Return the back end; raises HarnessError for a URL."""
    return InMemory(url)
