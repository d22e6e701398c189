"""One tenant with many records leaves."""

from memfence import Add, Crowd, DeleteAll, Get, GetAll, History, Plan, Population, Search, scenario

# By their words a few are enough: the listing shows them all.
SAMPLES = 8


@scenario(needs=(Add, DeleteAll, (GetAll, Search)), control="swallow", destructive=True, may_refuse=True)
def delete_all_is_complete(population: Population) -> Plan:
    """A tenant with more records than any page or batch deletes all of them; none is left, and another's are.

    Where the target takes records in bulk, that is more than 1,000: mem0 deletes so many at a time, and stores list no
    more.
    """
    (victim, attacker), *_ = population.pairs()
    yield Add(attacker, attacker.facts[0])
    yield GetAll(attacker, attacker.facts[0])
    facts = list(population.facts_of(victim.index, range(population.bulk)))
    first = yield Add(victim, facts[0])
    for fact in facts[1:-1]:
        yield Add(victim, fact)
    # The rest at once: to add these one by one would take too long.
    more = list(population.facts_of(victim.index, range(population.bulk, population.pages)))
    if more and (yield Crowd(victim, tuple(Add(victim, fact) for fact in more))).index:
        facts[-1:-1] = more
    last = yield Add(victim, facts[-1])
    # Also by its id: a listing that is cut would not show it, and it must go all the same.
    yield Get(victim, last.record)
    yield GetAll(victim, facts[0])
    yield GetAll(attacker, facts[-1])
    yield DeleteAll(victim, owner=victim.index)
    gone = victim.after_erasure()
    for observer in (gone, attacker):
        yield GetAll(observer, facts[0])
        for fact in facts[:: max(1, len(facts) // SAMPLES)]:
            yield Search(observer, fact.bare, fact)
        for planted in (first, last):
            yield Get(observer, planted.record)
            yield History(observer, planted.record)
    yield GetAll(attacker, attacker.facts[0])
