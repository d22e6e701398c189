"""The store fills up with others' records."""

from collections.abc import Iterator

from memfence import Add, Fact, GetAll, Plan, Population, Search, scenario

# A crowd of few has to repeat itself: a tenant has no more than 1024 facts.
EACH = 1000
# So many of four that are piled up are about what the victim's own is about.
NEAR = 3
# Words that many a fact begins with: as near to others' records as to one's own.
BEGINNING = 3


@scenario(needs=(Add, (Search, GetAll)), control="hide")
def crowding_out(population: Population) -> Plan:
    """However many records others pile up, near and far in meaning, a tenant still finds its own.

    Asked in its own words it comes first even where the best of all users are fetched and then filtered; in words that
    many use, others' records come first there.
    """
    victim, *others = population
    early, late = victim.facts[0], victim.facts[-1]
    yield Add(victim, early)
    yield Search(victim, early.bare, early)
    piles = [crowd(population, other.index, early.about) for other in others]
    for number in range(population.crowd):
        yield Add(others[number % len(others)], next(piles[number % len(others)]))
    yield Add(victim, late)
    for fact in (early, late):
        yield Search(victim, fact.bare, fact)
        yield Search(victim, " ".join(fact.bare.split()[:BEGINNING]), fact)
        yield Search(victim, fact.text, fact)
        yield GetAll(victim, fact)
        for attacker in population.attackers(victim):
            yield Search(attacker, fact.bare, fact)
            yield GetAll(attacker, fact)


def crowd(population: Population, owner: int, about: str) -> Iterator[Fact]:
    """Yield a tenant's facts without end, most of them about this."""
    facts = [population.fact(owner, number) for number in range(EACH)]
    near = [fact for fact in facts if fact.about == about]
    far = [fact for fact in facts if fact.about != about]
    while True:
        left = iter(far)
        for begin in range(0, len(near), NEAR):
            yield from near[begin : begin + NEAR]
            yield from [fact for fact, _ in zip(left, range(1), strict=False)]
        yield from left
