"""Two users say the same."""

from memfence import (
    Add,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    Plan,
    Population,
    RecordRef,
    Returned,
    Search,
    Step,
    Tenant,
    Update,
    scenario,
)


@scenario(needs=(Add, (Delete, DeleteAll, Update), (GetAll, Search)), control="reroute", destructive=True)
def same_words(population: Population) -> Plan:
    """A tenant who stores another's very sentence, removes or changes it, and leaves, takes nothing from the other."""
    for victim in population:
        fact = victim.facts[0]
        attacker = next(population.attackers(victim))
        planted = yield Add(victim, fact)
        yield GetAll(victim, fact)
        yield GetAll(attacker, fact)
        # It is a fact of its own that happens to read like the other's.
        twin = Add(attacker, attacker.facts[0], text=fact.text)
        own = yield twin
        yield from _looked_for(population, victim, planted.record)
        if population.keys or _tells_an_id(own):
            yield Delete(attacker, own.record)
            yield from _looked_for(population, victim, planted.record)
            again = yield twin
            yield Update(attacker, again.record, attacker.facts[-1].text)
            yield from _looked_for(population, victim, planted.record)
            yield twin
        yield DeleteAll(attacker, owner=victim.index)
        yield from _looked_for(population, victim, planted.record)


def _looked_for(population: Population, victim: Tenant, record: RecordRef) -> Plan:
    """Let the victim look for its own; a list of keys does not tell what lies under them."""
    if population.keys:
        yield Get(victim, record, victim.facts[0])
    yield GetAll(victim, victim.facts[0])


def _tells_an_id(added: Step) -> bool:
    """Tell whether the reply names the record: by what it says, a listing finds the other's as well."""
    seen = added.observation
    return isinstance(seen, Returned) and any(record.id for record in seen.records)
