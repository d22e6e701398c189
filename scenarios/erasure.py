"""A tenant asks to be forgotten."""

from memfence import (
    Add,
    Chat,
    DeleteAll,
    Fact,
    Get,
    GetAll,
    History,
    Plan,
    Population,
    ReadStorage,
    RecordRef,
    Search,
    Tenant,
    Update,
    scenario,
)


@scenario(needs=(Add, DeleteAll, (GetAll, Search)), control="swallow", destructive=True, may_refuse=True)
def erasure(population: Population) -> Plan:
    """After delete_all nothing of the tenant is served, sent to an LLM or stored, to whomever asks."""
    for victim in population:
        yield from forget(population, victim, next(population.attackers(victim)))


def forget(population: Population, victim: Tenant, attacker: Tenant) -> Plan:
    """One tenant's facts are stored, changed and said, then deleted, then looked for everywhere."""
    kept, changed, said, new = population.facts_of(victim.index, (0, 10, 11, 12))
    theirs = population.fact(attacker.index, 13)
    first = yield Add(victim, kept)
    second = yield Add(victim, changed)
    yield Update(victim, second.record, population.tenant(victim.index).facts[-1].text)
    yield Chat(attacker, theirs, seeks=theirs)
    yield Chat(victim, said, seeks=theirs)
    yield from _ask_while_it_is_there(victim, (kept, changed, said), new, (first.record, second.record))
    # What is not found while it is there would not be found afterwards either.
    yield ReadStorage(victim, kept)
    yield DeleteAll(victim, owner=victim.index)
    gone = victim.after_erasure()
    for observer in (gone, attacker):
        for fact in (kept, changed, said):
            yield Search(observer, fact.bare, fact)
            yield GetAll(observer, fact)
            if observer is gone:
                # The store lies there whoever looks: once is enough, for each look goes through all of it.
                yield ReadStorage(observer, fact)
        for record in (first.record, second.record):
            yield Get(observer, record)
            yield History(observer, record)
    yield Chat(gone, new, seeks=said)


def _ask_while_it_is_there(
    victim: Tenant, facts: tuple[Fact, Fact, Fact], unsaid: Fact, records: tuple[RecordRef, RecordRef]
) -> Plan:
    """Ask all that is asked after the erasure, in the same words: a cache serves what it was asked before.

    Whether the look for what an LLM was told finds it is not judged here: it is said to be after what nobody has said.
    """
    kept, changed, said = facts
    yield GetAll(victim, kept)
    yield Search(victim, kept.bare, kept)
    yield Search(victim, changed.bare, changed)
    yield Search(victim, said.bare, unsaid)
    for record in records:
        yield Get(victim, record)
        yield History(victim, record)
