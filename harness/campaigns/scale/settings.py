"""How many users, in which store, asked how: all that a shard's result hangs on beside its own place."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from typing import Any, Self

from ...base.errors import HarnessError, UnknownNameError
from ...plans.crowds import Crowd
from ...plans.population import Population
from ...targets.crowded_store import CrowdedStore, Index
from ..resolve import all_breakages, all_wrappers, modules

# Planted while the store is filled; everything else that is broken stands between users and the store.
MISLABELLED_ROW = "mislabelled_row"
_FIRST_SIZE = 1000


@dataclass(frozen=True, slots=True)
class ScaleSettings:
    """`users` of `facts` facts each in a `store` at `store_url`, or in one of our own; `seed` makes all of it.

    `wrapper` or `breakage` is what is audited. `index` is what the store is asked with; `hnsw_up_to` is the largest
    size at which mem0's default index is measured. `through_mem0` is about how many users mem0 itself plants, `erased`
    how many are erased, `pairs` how many pairs are probed. `shard` is how many users are planted at once, `curves`
    whether speed is measured on the way.
    """

    users: int
    store: str = "pgvector"
    store_url: str | None = None
    seed: int = 0
    facts: int = 1
    wrapper: str = "scoped"
    breakage: str | None = None
    index: str = Index.USER
    hnsw_up_to: int = 100_000
    through_mem0: int = 1000
    erased: int = 1000
    pairs: int = 1000
    shard: int = 5000
    curves: bool = True

    def __post_init__(self) -> None:
        """Check names and numbers; raises HarnessError."""
        stores, breakages = modules("crowded"), [*all_breakages(), MISLABELLED_ROW]
        for kind, name, choices in (
            ("store", self.store, stores),
            ("wrapper", self.wrapper, all_wrappers()),
            ("breakage", self.breakage or MISLABELLED_ROW, breakages),
        ):
            if name not in choices:
                raise UnknownNameError(name, kind=kind, choices=choices)
        if self.users < 2 or min(self.shard, self.pairs) < 1 or min(self.through_mem0, self.erased) < 0:  # noqa: PLR2004 - of one there is none to isolate
            msg = "scale needs at least 2 users, 1 pair and 1 user a shard, and no number below 0"
            raise HarnessError(msg)
        known = self.opens.indices or (Index.USER,)
        if self.index not in known:
            raise UnknownNameError(self.index, kind=f"index of {self.store}", choices=known)
        # It checks the size and the facts.
        crowd = self.crowd()
        if crowd.mislabelled:
            # So does this: whether there is a row to mislabel.
            _ = crowd.wrong

    @property
    def opens(self) -> type[CrowdedStore]:
        """What opens its store."""
        opened: type[CrowdedStore] = modules("crowded")[self.store].STORE
        return opened

    @property
    def digest(self) -> str:
        """What all its shards hang on."""
        return blake2b(json.dumps(asdict(self), sort_keys=True).encode(), digest_size=16).hexdigest()

    @property
    def sizes(self) -> list[int]:
        """The sizes at which speed is measured: powers of ten from 1,000 on, and the last."""
        if not self.curves:
            return [self.users]
        found = []
        size = _FIRST_SIZE
        while size < self.users:
            found.append(size)
            size *= 10
        return [*found, self.users]

    def measured(self, size: int) -> list[Index]:
        """Return how the store is arranged when it is measured at a size: in the end as it is to stay."""
        known = self.opens.indices
        wanted = [one for one in known if one is not Index.HNSW or size <= self.hnsw_up_to]
        return [*(one for one in wanted if one != self.index), Index(self.index)]

    def population(self) -> Population:
        """Return its tenants."""
        return Population(self.seed, self.users, self.facts)

    def crowd(self) -> Crowd:
        """Return its tenants, and what becomes of them."""
        wrong = self.breakage == MISLABELLED_ROW
        few = max(1, self.users // 10)
        return Crowd(self.population(), min(self.through_mem0, few), min(self.erased, few), mislabelled=wrong)

    def command(self) -> str:
        """Return the command that does the same again."""
        said = [f"memfence scale --users {self.users} --store {self.store} --seed {self.seed}"]
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name not in ("users", "store", "seed", "curves", "store_url") and value != one.default:
                said.append(f"--{one.name.replace('_', '-')} {value}")
        said += [] if self.curves else ["--no-curves"]
        said += ["--store-url ..."] if self.store_url else []
        return " ".join(said)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Return the settings that plain values tell; raises HarnessError."""
        try:
            return cls(**told)
        except TypeError as error:
            msg = f"these are no settings of a scale: {error}"
            raise HarnessError(msg) from error
