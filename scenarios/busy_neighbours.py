"""Everybody else searches for one tenant's subjects, again and again."""

from memfence import Add, Plan, Population, Search, scenario

TIMES = 3


@scenario(needs=(Add, Search), control="hide")
def busy_neighbours(population: Population) -> Plan:
    """Whatever others search for, and however often, a tenant's own list keeps its records and their order."""
    victim = population.tenant(population.first)
    for fact in victim.facts:
        yield Add(victim, fact)
    for attacker in population.attackers(victim):
        yield Add(attacker, attacker.facts[0])
        for fact in victim.facts[1:] or victim.facts:
            for _ in range(TIMES):
                yield Search(attacker, fact.bare, fact)
    for fact in victim.facts:
        yield Search(victim, fact.bare, fact)
