"""Each question comes to a memory that is made for it alone, as requests of a web server do."""

from itertools import islice

from memfence import Add, Anew, Get, GetAll, Plan, Population, Search, scenario
from memfence.model.keys import key_of

# How many others ask what one has asked: an address that is free again is not always the next one's.
ASKED_BY = 3


@scenario(needs=(Add, (Search, GetAll, Get)), control="reroute", may_refuse=True)
def cached_methods(population: Population) -> Plan:
    """What was answered by one object is answered by no other, also not by one at the address of the first."""
    for victim in population:
        fact = victim.facts[0]
        shared = key_of(population.keys, f"asked-{victim.index}") or None
        attackers = list(islice(population.attackers(victim), ASKED_BY))
        planted = yield Add(victim, fact, under=shared)
        for attacker in attackers:
            yield Add(attacker, attacker.facts[0], under=shared)
        for ask in (
            lambda by, fact=fact: Search(by, fact.bare, fact),
            lambda by, fact=fact: GetAll(by, fact),
            lambda by, fact=fact, record=planted.record: Get(by, record, fact if by.index == fact.owner else None),
        ):
            for tenant in (victim, *attackers):
                yield Anew(tenant)
                yield ask(tenant)
