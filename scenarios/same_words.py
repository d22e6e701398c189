"""Two users say the same."""

from memfence import Add, DeleteAll, GetAll, Plan, Population, Search, scenario


@scenario(needs=(Add, DeleteAll, (GetAll, Search)), control="reroute", destructive=True)
def same_words(population: Population) -> Plan:
    """A tenant who stores another's very sentence, and then leaves, takes nothing from the other."""
    for victim in population:
        fact = victim.facts[0]
        attacker = next(population.attackers(victim))
        yield Add(victim, fact)
        yield GetAll(victim, fact)
        # It is a fact of its own that happens to read like the other's.
        yield Add(attacker, attacker.facts[0], text=fact.text)
        yield GetAll(victim, fact)
        yield DeleteAll(attacker, owner=victim.index)
        yield GetAll(victim, fact)
