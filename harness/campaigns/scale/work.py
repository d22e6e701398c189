"""One shard, done: what a process of this machine or of another is sent, and what it leaves in the folder."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ...plans.shards import Phase, Shard
from ...real_mem0.environment import keep_to_ourselves
from ...targets.crowded_store import CrowdedStore, Where
from .erasing import erase
from .kept import Kept
from .measuring import measure
from .memory import peak_bytes
from .places import forget, opened
from .planting import plant
from .probing import probe
from .settings import ScaleSettings
from .sweeping import look, look_again, sweep

Work: TypeAlias = Callable[[Shard, ScaleSettings, CrowdedStore], dict[str, Any]]


def _clean_up(shard: Shard, settings: ScaleSettings, store: CrowdedStore) -> dict[str, Any]:
    del shard, settings
    return {"left": store.remove()}


WORK: Mapping[Phase, Work] = {
    Phase.PLANT: plant,
    Phase.MEASURE: measure,
    Phase.SWEEP: sweep,
    Phase.LOOK: look,
    Phase.PROBE: probe,
    Phase.ERASE: erase,
    Phase.SWEEP_AGAIN: sweep,
    Phase.LOOK_AGAIN: look_again,
    Phase.CLEAN_UP: _clean_up,
}


@dataclass(frozen=True, slots=True)
class Task:
    """A shard, with all that it takes to do it anywhere that the store and the folder can be reached from."""

    shard: Shard
    settings: ScaleSettings
    where: Where
    folder: str

    def __call__(self) -> str:
        """Do it, unless it is done; return the name of its result, which lies in the folder."""
        kept = Kept(Path(self.folder))
        if not kept.has(self.shard):
            keep_to_ourselves()
            started, began = time.time(), time.perf_counter()
            try:
                result = WORK[self.shard.phase](self.shard, self.settings, opened(self.settings, self.where))
            except BaseException:
                # A connection that broke is not to be used again.
                forget()
                raise
            if self.shard.phase is Phase.MEASURE:
                # Nor one that has learned how to ask a store that was arranged otherwise.
                forget()
            times = {"started": started, "seconds": time.perf_counter() - began, "peak_bytes": peak_bytes()}
            kept.keep(self.shard, {"shard": self.shard.name, **result, **times})
        return self.shard.digest
