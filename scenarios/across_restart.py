"""The process ends, and the next one opens the same store."""

from memfence import (
    Ability,
    Add,
    Chat,
    DeleteAll,
    Get,
    GetAll,
    History,
    Plan,
    Population,
    ReadStorage,
    RecordRef,
    Reopen,
    Search,
    scenario,
)


@scenario(
    needs=(Add, DeleteAll, (GetAll, Search), Ability.REOPEN), control="reroute", destructive=True, may_refuse=True
)
def across_restart(population: Population) -> Plan:
    """Isolation and erasure hang on nothing that a process remembers."""
    records: dict[int, RecordRef] = {}
    for tenant in population:
        planted = yield Add(tenant, tenant.facts[0])
        records[tenant.index] = planted.record
        said = population.fact(tenant.index, 10)
        yield Chat(tenant, said, seeks=said)
    yield Reopen(population.tenant(population.first))
    for victim in population:
        fact = victim.facts[0]
        attacker = next(population.attackers(victim))
        yield GetAll(victim, fact)
        # A cache serves what it was asked before.
        yield Search(victim, fact.bare, fact)
        yield Get(victim, records[victim.index])
        yield History(victim, records[victim.index])
        yield Search(attacker, fact.bare, fact)
        yield GetAll(attacker, fact)
        yield Get(attacker, records[victim.index])
        yield ReadStorage(victim, fact)
        yield DeleteAll(victim, owner=victim.index)
    yield Reopen(population.tenant(population.first))
    for victim in population:
        gone, fact = victim.after_erasure(), victim.facts[0]
        yield Search(gone, fact.bare, fact)
        yield GetAll(gone, fact)
        yield Get(gone, records[victim.index])
        yield History(gone, records[victim.index])
        yield ReadStorage(gone, fact)
        said, new = population.facts_of(victim.index, (10, 11))
        yield Chat(gone, new, seeks=said)
