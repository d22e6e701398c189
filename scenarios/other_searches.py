"""Everybody asks in the further ways that a resource has: scroll, count, facet, hybrid."""

from memfence import Ability, Add, Get, GetAll, Plan, Population, Search, scenario
from memfence.model.keys import OTHER_WAYS


@scenario(
    needs=(Ability.KEYS, Add, Get, (Ability.SCROLL, Ability.COUNT, Ability.FACET, Ability.HYBRID)),
    control="reroute",
    may_refuse=True,
)
def other_searches(population: Population) -> Plan:
    """No further way to ask shows another tenant's values, or counts them."""
    planted = {}
    for tenant in population:
        # Not equally many for all: a number that was kept for everybody would look right.
        for fact in tenant.facts[: max(1, len(tenant.facts) - tenant.index % 2)]:
            step = yield Add(tenant, fact)
            planted[fact] = step.record
    for victim, attacker in population.pairs():
        fact = victim.facts[0]
        for how in OTHER_WAYS:
            yield GetAll(attacker, fact, how=how)
            # Word for word comes last: once a tenant has sent the whole sentence, getting it back says less.
            for query in (fact.about, fact.canary, fact.text):
                yield Search(attacker, query, fact, how=how)
        yield Get(attacker, planted[fact])
