"""Probes drawn pairs, near twins first, through what is audited and through mem0's own client."""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

from ...model.operations import Get, GetAll, Search
from ...model.scaled import WRONG_LABELS
from ...model.tenants import Tenant
from ...plans.crowds import Crowd
from ...plans.shards import Shard
from ...targets.crowded_store import CrowdedStore
from .doors import AUDITED, doors
from .judged import Judged
from .settings import ScaleSettings

# How many of a shard are compared with themselves alone.
_COMPARED = 1
# A victim and an attacker.
Pair: TypeAlias = tuple[Tenant, Tenant]


def probe(shard: Shard, settings: ScaleSettings, store: CrowdedStore) -> dict[str, Any]:
    """Probe the pairs of a shard, or ask for what a sweep has found under another's label: `shard.of` lists it."""
    crowd = settings.crowd()
    # Drawn once for both doors: to find a near twin takes about as long as to ask as one.
    pairs = [] if shard.of else list(crowd.pairs(shard.first, shard.count))
    told: dict[str, Any] = {"doors": {}, "controls": []}
    for name, target in doors(settings, store.client).items():
        with Judged(name, target, settings, store) as door:
            if shard.of:
                _ask_for_strays(door, crowd, shard)
                told["doors"][name + WRONG_LABELS] = door.as_json(stray=True)
                continue
            _ask(door, pairs)
            if name == AUDITED:
                _compare(door, pairs)
            told["controls"].append(_control(door, pairs))
            told["doors"][name] = door.as_json()
    # Where the store ended meanwhile this raises, and all of it is tried again: what crashed then says nothing.
    store.check()
    return told


def _ask(door: Judged, pairs: Sequence[Pair]) -> None:
    for victim, attacker in pairs:
        fact = victim.facts[0]
        record = door.planted(victim, fact)
        door.perform(Search(victim, fact.text, fact))
        door.perform(GetAll(victim, fact))
        door.perform(Search(attacker, fact.about, fact))
        door.perform(Search(attacker, fact.canary, fact))
        door.perform(GetAll(attacker, fact))
        door.perform(Get(attacker, record, fact))
        # Word for word comes last: who has said it all itself is told less by getting it back.
        door.perform(Search(attacker, fact.text, fact))


def _ask_for_strays(door: Judged, crowd: Crowd, shard: Shard) -> None:
    """Let those ask under whose id a sweep has found another's fact."""
    for owner, number, labelled in json.loads(shard.of):
        victim, reader = crowd.population.tenant(owner), crowd.population.tenant(labelled)
        fact = crowd.population.fact(owner, number)
        door.planted(victim, fact)
        door.perform(GetAll(reader, fact))
        door.perform(Search(reader, fact.about, fact))


def _compare(door: Judged, pairs: Sequence[Pair]) -> None:
    """Ask by meaning first: what is ranked or scored over everybody shows there."""
    for victim, _ in pairs[:_COMPARED]:
        fact = victim.facts[0]
        door.compare(victim, (Search(victim, fact.about, fact), Search(victim, fact.text, fact)))


def _control(door: Judged, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Send an attacker's calls to its victim's memory, which must be seen; look for what was never planted."""
    victim, attacker = pairs[0]
    fact = victim.facts[0]
    seen = {}
    for operation in (Search(attacker, fact.about, fact), GetAll(attacker, fact)):
        found = door.perform(operation, through=victim)
        seen[str(operation.channel)] = any(one.oracle == "canary_leak" for one in found)
    ghost: Tenant = door.ghost
    wanted = Search(attacker, ghost.facts[0].about, ghost.facts[0])
    silent = not any(one.owner.index == ghost.index for one in door.perform(wanted, through=attacker))
    return {"door": door.name, "seen": seen, "silent": silent}
