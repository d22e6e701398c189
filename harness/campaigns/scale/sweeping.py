"""Reads each row of a part of the store; looks closer where the sums of a block are not what they must be."""

import json
from typing import Any

from ...judging.stored_rows import Attributed, Found
from ...plans.shards import Shard
from ...targets.crowded_store import CrowdedStore
from .settings import ScaleSettings


def sweep(shard: Shard, settings: ScaleSettings, store: CrowdedStore) -> dict[str, Any]:
    """Attribute each row of so many parts."""
    counts = Attributed(settings.crowd(), settings.shard)
    # What somebody has stored since the parts were counted is read, too.
    counts.take(store.rows(shard.first, None if shard.last else shard.count))
    return counts.as_json()


def look(shard: Shard, settings: ScaleSettings, store: CrowdedStore) -> dict[str, Any]:
    """Count each fact of the blocks that `shard.of` lists, over the whole store."""
    return _look(shard, settings, store, erased=False)


def look_again(shard: Shard, settings: ScaleSettings, store: CrowdedStore) -> dict[str, Any]:
    """Do as `look`, where some were erased."""
    return _look(shard, settings, store, erased=True)


def _look(shard: Shard, settings: ScaleSettings, store: CrowdedStore, *, erased: bool) -> dict[str, Any]:
    found = Found(settings.crowd(), settings.shard, tuple(json.loads(shard.of)))
    found.take(store.rows(shard.first, None))
    return found.as_json(erased=erased)
