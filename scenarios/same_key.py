"""Everybody uses the same key: a profile, a draft, an answer to a usual question."""

from memfence import Ability, Add, Delete, DeleteAll, Get, GetAll, Plan, Population, Search, scenario
from memfence.model.keys import key_of


@scenario(needs=(Ability.KEYS, Add, Get), control="reroute", destructive=True, may_refuse=True)
def same_key(population: Population) -> Plan:
    """What two tenants put under one key are two values: each sees its own, and removes its own alone."""
    for victim, attacker in population.pairs():
        shared = key_of(population.keys, f"profile-{victim.index}")
        planted = yield Add(victim, victim.facts[0], under=shared)
        mine = planted.record
        yield Get(victim, mine, victim.facts[0])
        # Before it has put anything there, and after.
        yield Get(attacker, mine)
        yield Search(attacker, victim.facts[0].bare, victim.facts[0])
        yield GetAll(attacker, victim.facts[0])
        own = yield Add(attacker, attacker.facts[0], under=shared)
        yield Get(victim, mine, victim.facts[0])
        yield Get(attacker, mine)
        yield GetAll(victim, attacker.facts[0])
        yield Delete(attacker, own.record)
        yield Get(victim, mine, victim.facts[0])
        yield Get(attacker, mine)
        yield Add(attacker, attacker.facts[1 % len(attacker.facts)], under=shared)
        yield DeleteAll(attacker, victim.index)
        yield Get(victim, mine, victim.facts[0])
        yield Delete(victim, mine)
