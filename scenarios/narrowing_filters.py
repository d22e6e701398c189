"""Somebody narrows a look at its own records."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, scenario
from memfence.plans.narrowing import SHELF, narrowing, one_of_each

# The numbers of facts that no tenant begins with.
_NUMBERS = range(300, 300 + len(SHELF))


@scenario(
    needs=(Add, (Search, GetAll), Ability.FILTERS, Ability.METADATA),
    control="unfilter",
    may_refuse=True,
)
def narrowing_filters(population: Population) -> Plan:
    """A tenant's own filter shows those of its own records that it takes in, all of them, and no other.

    All tenants store the same metadata, so that a filter that has lost the user's id shows another's. The first asks
    with all filters, the others with one of each class.
    """
    for tenant in population:
        for fact, metadata in zip(population.facts_of(tenant.index, _NUMBERS), SHELF, strict=True):
            yield Add(tenant, fact, metadata=metadata)
    for victim in population:
        asker = next(population.attackers(victim))
        sought = population.fact(victim.index, _NUMBERS[1])
        yield Search(asker, sought.bare, sought)
        yield GetAll(asker, sought)
        turn = victim.index - population.first
        for kind, filters in one_of_each(turn) if turn else narrowing():
            yield Search(asker.trying(kind), sought.bare, sought, filters)
            yield GetAll(asker.trying(kind), sought, filters)
