"""The store is emptied, and others move in."""

from collections.abc import Callable

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
    Reopen,
    Reset,
    Search,
    Tenant,
    scenario,
)
from memfence.plans.clients import asynchronously

# How far the numbers of a tenant's facts lie apart from one reset to the next.
APART = 20


@scenario(needs=(Add, (GetAll, Search), Ability.RESET), control="swallow", destructive=True, may_refuse=True)
def reset_then_reuse(population: Population) -> Plan:
    """After the store's own reset, by either client, nothing of the old tenants is read, ranked, prompted or kept."""
    yield from move_out_and_in(population, 0)
    # Who has just opened the store has touched nothing in it yet, and may clear only what it has touched.
    yield from move_out_and_in(population, APART, reopened=True)
    yield from move_out_and_in(population, 2 * APART, client=asynchronously)


def move_out_and_in(
    population: Population,
    start: int,
    *,
    reopened: bool = False,
    client: Callable[[Tenant], Tenant] = lambda tenant: tenant,
) -> Plan:
    """Everybody stores and looks, the store is reset, and the same come again, to whom all of that is foreign.

    `start` is the number of the first fact of each; `reopened`: the store is opened again before its reset; `client`
    says through which client of the target its tenants come, those who look for others' by the plain one.
    """
    records: dict[int, RecordRef] = {}
    for tenant in map(client, population):
        old, said = population.facts_of(tenant.index, (start, start + 1))
        planted = yield Add(tenant, old)
        records[tenant.index] = planted.record
        yield Chat(tenant, said, seeks=said)
        # A cache serves what it was asked before.
        yield Search(tenant, old.bare, old)
        yield GetAll(tenant, old)
    first = client(population.tenant(population.first))
    # What is not found while it is there would not be found afterwards either.
    yield ReadStorage(first, population.fact(first.index, start))
    # What a target has no way to do is left out, and is no step.
    for done in (Reopen(first), Reset(first)) if reopened else (Reset(first),):
        if not (yield done).index:
            return
    for tenant in population:
        gone = client(tenant).after_erasure()
        old, said, new = population.facts_of(tenant.index, range(start, start + 3))
        # At once, and when the next records have come: some only hide what they are to forget.
        yield GetAll(gone, old)
        yield Add(gone, new)
        for observer in (gone, next(population.attackers(tenant))):
            yield Search(observer, old.bare, old)
            yield GetAll(observer, old)
            yield Get(observer, records[tenant.index])
            yield History(observer, records[tenant.index])
        for fact in (old, said):
            yield ReadStorage(gone, fact)
        yield Chat(gone, new, seeks=said)
