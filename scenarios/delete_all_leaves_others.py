"""One tenant leaves; the others stay."""

from memfence import Add, DeleteAll, GetAll, Plan, Population, Search, scenario


@scenario(needs=(Add, DeleteAll, (Search, GetAll)), control="reroute", destructive=True)
def delete_all_leaves_others(population: Population) -> Plan:
    """A tenant deletes all of its records; the others still find theirs."""
    for victim in population:
        fact = victim.facts[0]
        yield Add(victim, fact)
        yield Search(victim, fact.text, fact)
        for attacker in population.attackers(victim):
            yield Add(attacker, attacker.facts[-1])
            yield DeleteAll(attacker, owner=victim.index)
            yield Search(victim, fact.text, fact)
