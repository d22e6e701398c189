"""The store fills up with others' records."""

from memfence import Add, GetAll, Plan, Population, Search, scenario

# A crowd of few has to repeat itself: a tenant has no more than 1024 facts.
EACH = 1000


@scenario(needs=(Add, (Search, GetAll)), control="hide")
def crowding_out(population: Population) -> Plan:
    """However many records others pile up, near and far in meaning, a tenant still finds its own."""
    victim, *others = population
    early, late = victim.facts[0], victim.facts[-1]
    yield Add(victim, early)
    yield Search(victim, early.bare, early)
    for number in range(population.crowd):
        # Facts go through all subjects in turn: some are as near to the victim's as its own.
        other = others[number % len(others)]
        yield Add(other, population.fact(other.index, number // len(others) % EACH))
    yield Add(victim, late)
    for fact in (early, late):
        yield Search(victim, fact.bare, fact)
        yield Search(victim, fact.text, fact)
        yield GetAll(victim, fact)
        for attacker in population.attackers(victim):
            yield Search(attacker, fact.bare, fact)
            yield GetAll(attacker, fact)
