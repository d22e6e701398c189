"""Plants a shard: some users through mem0 itself, the crowd in bulk; what is there is left as it is."""

from typing import Any

from ...judging.stored_rows import expected_by_block
from ...plans.crowds import AGENT
from ...plans.shards import Shard
from ...targets.crowded_store import CrowdedStore
from .settings import ScaleSettings

# A lock of PostgreSQL's is 64 bits with a sign.
_LOCKS = 1 << 63


def plant(shard: Shard, settings: ScaleSettings, store: CrowdedStore) -> dict[str, Any]:
    """Store all facts of its users; return how many went which way, and what is to be there, at first and erased."""
    crowd = settings.crowd()
    bulk, through = [], 0
    with store.holding(int(shard.digest, 16) % _LOCKS):
        for tenant, fact in crowd.facts(shard.first, shard.count):
            if not crowd.is_through(tenant.index):
                bulk.append((crowd.record_id(fact), crowd.label(tenant, fact), fact.text))
                continue
            through += 1
            # mem0 gives ids of its own: only a look tells whether it was here before.
            if not any(fact.canary in text for _, _, text in store.of(str(tenant.id))):
                store.client.add(fact.text, user_id=tenant.id, agent_id=AGENT, infer=False)
        store.plant(bulk)
    sums = {
        name: list(expected_by_block(crowd, settings.shard, shard.first, shard.count, erased=erased))
        for name, erased in (("wanted", False), ("wanted_after", True))
    }
    return {"through_mem0": through, "bulk": len(bulk), **sums}
