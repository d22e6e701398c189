"""Several users name the same town and the same employer."""

from dataclasses import replace

from memfence import Add, Chat, DeleteAll, Fact, GetAll, Plan, Population, ReadStorage, Search, Tenant, Update, scenario

# All name the employer, and every second one the same town: of the other one only others' records know.
EMPLOYER, TOWNS = "Initech", ("Lisbon", "Prague")
ASKED = (*TOWNS, f"Who works for {EMPLOYER}?")
# The numbers of facts that nobody else's story stores: said, stored, and never stored.
SAID, STORED, UNSAID = 30, 31, 32


@scenario(needs=(Add, (Search, GetAll), DeleteAll), control="reroute", destructive=True, may_refuse=True)
def shared_entities(population: Population) -> Plan:
    """What several users name links, lifts and brings back each one's own records only, and goes with its owner.

    A memory may keep towns, people and employers beside the records, each with the records that name it: mem0 does so
    for what it extracts and for what is updated.
    """
    for tenant in population:
        said, stored = naming(population, tenant)
        # What a target has no way to do is left out.
        yield Chat(tenant, said, seeks=said)
        planted = yield Add(tenant, stored)
        yield Update(tenant, planted.record, f"{stored.text} I like {town_of(tenant)}.")
    for victim in population:
        yield from ask(victim, victim, population)
        for attacker in population.attackers(victim):
            yield from ask(attacker, victim, population)
    leaver = population.tenant(population.first)
    other = next(population.attackers(leaver))
    said, stored = naming(population, leaver)
    yield GetAll(other, naming(population, other)[1])
    yield DeleteAll(leaver, owner=other.index)
    gone = leaver.after_erasure()
    for observer in (gone, other):
        yield from ask(observer, leaver, population)
        yield GetAll(observer, stored)
        for fact in (said, stored):
            yield ReadStorage(observer, fact)
    yield GetAll(other, naming(population, other)[1])


def naming(population: Population, tenant: Tenant) -> tuple[Fact, Fact]:
    """Return two facts of the tenant's that name what everybody names."""
    said, stored = population.facts_of(tenant.index, (SAID, STORED))
    town = town_of(tenant)
    moved = f"I moved to {town} last year; my flat's code is {said.canary}."
    works = f"I work for {EMPLOYER} in {town}; my desk's code is {stored.canary}."
    return replace(said, text=moved, about="home town"), replace(stored, text=works, about="profession")


def town_of(tenant: Tenant) -> str:
    """Return the town that the tenant names."""
    return TOWNS[tenant.index % len(TOWNS)]


def ask(asker: Tenant, victim: Tenant, population: Population) -> Plan:
    """Let somebody ask for what both have named; of one's own nothing is sought that must be found."""
    own = asker.index == victim.index and not asker.erased
    sought = population.fact(victim.index, UNSAID) if own else naming(population, victim)[1]
    for question in ASKED:
        yield Search(asker, question, sought)
