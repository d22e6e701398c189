"""A part of a sweep over millions of users: what it is of, and the name under which its result is kept."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import blake2b


class Phase(StrEnum):
    """What is done to a crowd, in this order; each phase waits until the one before it is done."""

    PLANT = "plant"
    MEASURE = "measure"
    SWEEP = "sweep"
    LOOK = "look"
    PROBE = "probe"
    ERASE = "erase"
    SWEEP_AGAIN = "sweep_again"
    LOOK_AGAIN = "look_again"
    CLEAN_UP = "clean_up"


@dataclass(frozen=True, slots=True)
class Shard:
    """The `count` tenants, parts of the store or pairs from `first` on; `of` says what else it hangs on.

    `weight` is about how much work it is, in microseconds. `settings` is the digest of all that the result hangs on
    beside. The `last` one of a phase has what comes after it, too.
    """

    phase: Phase
    first: int
    count: int
    settings: str
    weight: int = 0
    of: str = ""
    last: bool = False

    @property
    def name(self) -> str:
        """What a report calls it: `plant 5000-9999`."""
        beside = f" ({self.of})" if self.of and not self.of.startswith("[") else ""
        return f"{self.phase} {self.first}-{self.first + self.count - 1}{beside}"

    @property
    def digest(self) -> str:
        """The name of its result's file: two shards have the same only where their results are the same."""
        told = {name: value for name, value in asdict(self).items() if name != "weight"}
        return blake2b(json.dumps(told, sort_keys=True).encode(), digest_size=16).hexdigest()


def shards(
    phase: Phase, *, first: int = 0, end: int, each: int, settings: str, weight: int = 1, of: str = ""
) -> Iterator[Shard]:
    """Yield the shards of a phase from `first` to `end`, of `each` things, each of which weighs so much."""
    for start in range(first, end, each):
        count = min(each, end - start)
        last = start + count == end
        yield Shard(phase, start, count, settings, weight=count * weight, of=of, last=last)
