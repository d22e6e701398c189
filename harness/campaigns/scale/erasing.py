"""Erases a drawn sample while others read, and looks that what is gone is gone, and nobody else's."""

from typing import Any

from ...model.operations import DeleteAll, GetAll, Search
from ...plans.shards import Shard
from ...targets.crowded_store import CrowdedStore
from .doors import AUDITED, doors
from .judged import Judged
from .settings import ScaleSettings


def erase(shard: Shard, settings: ScaleSettings, store: CrowdedStore) -> dict[str, Any]:
    """Erase those of its users that are drawn for it; their neighbours read meanwhile, and after."""
    crowd = settings.crowd()
    count = 0
    with Judged("erased", doors(settings, store.client)[AUDITED], settings, store) as door:
        for index in crowd.erased_in(shard.first, shard.count):
            count += 1
            gone = crowd.population.tenant(index)
            reader = crowd.population.tenant((index + 1) % crowd.size)
            door.planted(gone, gone.facts[0])
            fact = reader.facts[0]
            door.planted(reader, fact)
            door.perform(GetAll(reader, fact))
            door.together((DeleteAll(gone, reader.index), GetAll(reader, fact), Search(reader, fact.text, fact)))
            door.perform(GetAll(reader, fact))
            door.perform(GetAll(gone.after_erasure(), gone.facts[0]))
            door.perform(Search(gone.after_erasure(), gone.facts[0].text, gone.facts[0]))
        told = door.as_json()
    # As for probes.
    store.check()
    return {"erased": count, "doors": {"erased": told}}
