"""Somebody signs up as `*`."""

from memfence import Add, GetAll, Plan, Population, Search, scenario


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def wildcard_ids(population: Population) -> Plan:
    """A tenant whose id is a pattern reads no more than its own records."""
    # One tenant for all patterns: two that sign up under one name would rightly share a memory.
    attacker = population.tenant(population.first + population.size - 1)
    for victim in population:
        if victim == attacker:
            return
        fact = victim.facts[0]
        yield Add(victim, fact)
        yield GetAll(victim, fact)
        for pattern in ("*", "%", ".*", f"{victim.id[:12]}*"):
            stranger = attacker.posing_as(pattern)
            yield Add(stranger, attacker.facts[0])
            yield Search(stranger, fact.about, fact)
            yield GetAll(stranger, fact)
