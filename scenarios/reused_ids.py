"""A record is deleted, and the next one is stored in its place."""

from memfence import Add, Delete, Get, GetAll, History, Plan, Population, scenario


@scenario(needs=(Add, Delete, (Get, History)), control="echo", destructive=True, may_refuse=True)
def reused_ids(population: Population) -> Plan:
    """A deleted record's id names no record of the next tenant's; nor does anybody read by it what was deleted."""
    for owner in population:
        former = next(population.attackers(owner))
        old = yield Add(former, former.facts[0])
        yield Get(former, old.record)
        yield Delete(former, old.record)
        # Whoever asks whose record it is may find nobody's there, and let everybody in.
        yield Get(owner, old.record)
        yield History(owner, old.record)
        new = yield Add(owner, owner.facts[0])
        yield GetAll(owner, owner.facts[0])
        yield Get(owner, new.record)
        yield History(owner, new.record)
        gone = former.after_erasure()
        yield Get(gone, old.record)
        yield History(gone, old.record)
