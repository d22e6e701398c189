"""How quick the store answers one user among so many, arranged in one way."""

import time
from collections.abc import Callable
from typing import Any

from ...model.tenants import Tenant
from ...plans.shards import Shard
from ...real_mem0.client import records
from ...scoped.wrappers.scoped import ScopedMemory
from ...targets.crowded_store import CrowdedStore, Index
from .settings import ScaleSettings

# So many users are asked, or as many as can be in so many seconds.
_SAMPLES, _SECONDS, _AT_LEAST = 200, 20.0, 5
_WARM = 5


def measure(shard: Shard, settings: ScaleSettings, store: CrowdedStore) -> dict[str, Any]:
    """Arrange the store, and time searches by meaning through ScopedMemory and through mem0's own client."""
    began = time.perf_counter()
    store.arrange(Index(shard.of))
    arranged = time.perf_counter() - began
    client = store.client

    def scoped(tenant: Tenant) -> list[Any]:
        return ScopedMemory(tenant.id, client=client).search(tenant.facts[0].about, threshold=0)

    def raw(tenant: Tenant) -> list[Any]:
        return records(client.search(tenant.facts[0].about, filters={"user_id": tenant.id}, threshold=0))

    tenants = list(settings.crowd().sample("measured", _SAMPLES, shard.count))
    return {
        "size": shard.count,
        "index": shard.of,
        "bytes": store.size(),
        "arranged_seconds": arranged,
        "scoped": _timed(scoped, tenants),
        "raw": _timed(raw, tenants),
    }


def _timed(ask: Callable[[Tenant], list[Any]], tenants: list[Tenant]) -> dict[str, Any]:
    for tenant in tenants[:_WARM]:
        ask(tenant)
    taken: list[float] = []
    found = 0
    end = time.perf_counter() + _SECONDS
    for tenant in tenants:
        if len(taken) >= _AT_LEAST and time.perf_counter() > end:
            break
        began = time.perf_counter()
        shown = ask(tenant)
        taken.append(time.perf_counter() - began)
        found += any(tenant.facts[0].canary in str(record.get("memory")) for record in shown)
    taken.sort()
    return {"asked": len(taken), "found": found, "p50": _part(taken, 0.5), "p99": _part(taken, 0.99)}


def _part(taken: list[float], part: float) -> float:
    return taken[min(len(taken) - 1, int(len(taken) * part))]
