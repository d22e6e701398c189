"""Users subscribe to what happens, and others write."""

from collections import Counter

from memfence import Ability, Add, Fact, GetAll, Plan, Population, Tenant, scenario
from memfence.model.channels import FEEDS
from memfence.plans.feeds import until_told


@scenario(needs=(Ability.SIGN_IN, Add, (Ability.EVENTS, Ability.LIVE)), control="reroute", may_refuse=True)
def live_feeds(population: Population) -> Plan:
    """Whoever has subscribed is told of nothing that another has stored."""
    numbers: Counter[int] = Counter()

    def new(tenant: Tenant) -> Fact:
        numbers[tenant.index] += 1
        return population.fact(tenant.index, numbers[tenant.index])

    for how in FEEDS:
        subscribed: set[int] = set()
        for victim, attacker in population.pairs():
            fact, own = new(victim), new(attacker)
            for tenant in (victim, attacker):
                if tenant.index not in subscribed:
                    yield GetAll(tenant, tenant.facts[0], how=how)
                    subscribed.add(tenant.index)
            yield Add(victim, fact)
            yield from until_told(victim, fact, how=how)
            # What comes by one feed comes in order: when its own is there, all that was before it is, too.
            yield Add(attacker, own)
            yield from until_told(attacker, fact, own, how=how)
