"""The store is full of others' records before a tenant comes."""

from memfence import Ability, Add, Crowd, GetAll, Plan, Population, Search, scenario

# Words that many a fact begins with: as near to others' records as to one's own.
BEGINNING = 3


@scenario(needs=(Add, (Search, GetAll), Ability.LOAD), control="hide")
def crowded_store(population: Population) -> Plan:
    """Among thousands of others' records, each tenant finds its own, by its own words and by such as many use."""
    adds = tuple(Add(stranger, stranger.facts[0]) for stranger in population.strangers())
    yield Crowd(adds[0].principal, adds)
    for tenant in population:
        for fact in tenant.facts:
            yield Add(tenant, fact)
    for tenant in population:
        for fact in tenant.facts:
            yield Search(tenant, fact.bare, fact)
            yield Search(tenant, " ".join(fact.bare.split()[:BEGINNING]), fact)
            yield GetAll(tenant, fact)
        for attacker in population.attackers(tenant):
            yield Search(attacker, tenant.facts[0].bare, tenant.facts[0])
            yield GetAll(attacker, tenant.facts[0])
