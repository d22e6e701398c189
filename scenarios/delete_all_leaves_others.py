"""One tenant leaves; the others stay."""

from memfence import Add, DeleteAll, GetAll, Plan, Population, Search, scenario


@scenario(needs=(Add, DeleteAll, (GetAll, Search)), control="reroute", destructive=True)
def delete_all_leaves_others(population: Population) -> Plan:
    """A tenant deletes all of its records; the others still find theirs."""
    for victim in population:
        fact = victim.facts[0]
        yield Add(victim, fact)
        # A listing, where there is one: a search may miss what is still there.
        yield GetAll(victim, fact)
        for attacker in population.attackers(victim):
            yield Add(attacker, attacker.facts[-1])
            yield DeleteAll(attacker, owner=victim.index)
            yield GetAll(victim, fact)
