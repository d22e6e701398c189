"""One tenant has more records than a page."""

from memfence import Add, GetAll, Plan, Population, Search, scenario


@scenario(needs=(Add, (GetAll, Search)), control="hide")
def many_records(population: Population) -> Plan:
    """A tenant with more records than any page lists all of them, and finds the first and the last."""
    (victim, attacker), *_ = population.pairs()
    facts = list(population.facts_of(victim.index, range(population.bulk)))
    for fact in facts:
        yield Add(victim, fact)
    yield Add(attacker, attacker.facts[0])
    for fact in (facts[0], facts[-1]):
        yield GetAll(victim, fact)
        yield Search(victim, fact.text, fact)
        yield GetAll(attacker, fact)
        yield Search(attacker, fact.bare, fact)
