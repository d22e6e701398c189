"""Somebody deletes everything that it has, and has nothing."""

from memfence import Add, DeleteAll, GetAll, Plan, Population, Search, scenario


@scenario(needs=(Add, DeleteAll, (GetAll, Search)), control="reroute", destructive=True, may_refuse=True)
def leaving_twice(population: Population) -> Plan:
    """Who has stored nothing yet, or has left already, removes nothing by leaving."""
    tenants = list(population)
    # Before anybody who leaves has come.
    newcomer = tenants[-1]
    for victim in tenants[:-1]:
        fact = victim.facts[0]
        yield Add(victim, fact)
        yield GetAll(victim, fact)
        yield DeleteAll(newcomer, owner=victim.index)
        yield GetAll(victim, fact)
    for victim, attacker in population.pairs():
        fact = victim.facts[-1]
        yield Add(victim, fact)
        yield GetAll(victim, fact)
        yield Add(attacker, attacker.facts[0])
        for _ in range(2):
            yield DeleteAll(attacker, owner=victim.index)
            yield GetAll(victim, fact)
