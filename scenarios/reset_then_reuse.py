"""The store is emptied, and others move in."""

from memfence import (
    Ability,
    Add,
    Chat,
    Get,
    GetAll,
    History,
    Plan,
    Population,
    ReadStorage,
    RecordRef,
    Reset,
    Search,
    scenario,
)


@scenario(needs=(Add, (GetAll, Search), Ability.START), control="swallow", destructive=True, may_refuse=True)
def reset_then_reuse(population: Population) -> Plan:
    """After the store's own reset nothing of the old tenants is read, ranked or prompted."""
    records: dict[int, RecordRef] = {}
    for tenant in population:
        planted = yield Add(tenant, tenant.facts[0])
        records[tenant.index] = planted.record
        said = population.fact(tenant.index, 10)
        yield Chat(tenant, said, seeks=said)
        # A cache serves what it was asked before.
        yield Search(tenant, tenant.facts[0].bare, tenant.facts[0])
        yield GetAll(tenant, tenant.facts[0])
    first = population.tenant(population.first)
    yield ReadStorage(first, first.facts[0])
    yield Reset(population.tenant(population.first))
    for tenant in population:
        # The same tenant again, to whom all that it stored before is foreign.
        gone, old = tenant.after_erasure(), tenant.facts[0]
        said, new = population.facts_of(tenant.index, (10, 11))
        yield Add(gone, new)
        for observer in (gone, next(population.attackers(tenant))):
            yield Search(observer, old.bare, old)
            yield GetAll(observer, old)
            yield Get(observer, records[tenant.index])
            yield History(observer, records[tenant.index])
        yield ReadStorage(gone, old)
        yield Chat(gone, new, seeks=said)
