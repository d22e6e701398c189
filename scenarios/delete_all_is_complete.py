"""One tenant with many records leaves."""

from memfence import Add, DeleteAll, Get, GetAll, History, Plan, Population, RecordRef, Search, scenario

# By id a few are enough: the listing shows them all.
EVERY = 25


@scenario(needs=(Add, DeleteAll, (GetAll, Search)), control="swallow", destructive=True, may_refuse=True)
def delete_all_is_complete(population: Population) -> Plan:
    """A tenant with more records than any page or batch deletes all of them; none is left."""
    (victim, attacker), *_ = population.pairs()
    records: list[RecordRef] = []
    facts = list(population.facts_of(victim.index, range(population.bulk)))
    for fact in facts:
        planted = yield Add(victim, fact)
        records.append(planted.record)
    # By its id: a listing that is cut would not show it, and it must go all the same.
    yield Get(victim, records[-1])
    yield DeleteAll(victim, owner=victim.index)
    gone = victim.after_erasure()
    for fact, record in list(zip(facts, records, strict=True))[::EVERY]:
        for observer in (gone, attacker):
            yield Search(observer, fact.bare, fact)
            yield Get(observer, record)
            yield History(observer, record)
    yield GetAll(gone, facts[0])
    yield GetAll(attacker, facts[0])
