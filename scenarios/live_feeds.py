"""Users subscribe to what happens, and others write."""

from collections import Counter
from collections.abc import Generator

from memfence import Ability, Add, Fact, GetAll, Plan, Population, Tenant, scenario
from memfence.model.channels import FEEDS, Channel
from memfence.model.observations import Returned, Step
from memfence.model.operations import Operation

# Each look waits a moment by itself; a feed that does not show its user's own proves nothing, which the control tells.
_LOOKS = 6


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
            yield from _until(own=fact, by=victim, seeks=fact, how=how)
            # What comes by one feed comes in order: when its own is there, all that was before it is, too.
            yield Add(attacker, own)
            yield from _until(own=own, by=attacker, seeks=fact, how=how)


def _until(*, own: Fact, by: Tenant, seeks: Fact, how: Channel) -> Generator[Operation, Step, None]:
    """Look until one's own fact has come, or what is sought, and no longer than it may take."""
    for _ in range(_LOOKS):
        step = yield GetAll(by, seeks, how=how)
        seen = step.observation
        if not isinstance(seen, Returned) or _is_shown(own, seen) or _is_shown(seeks, seen):
            return


def _is_shown(fact: Fact, seen: Returned) -> bool:
    return any(fact.stands_in(text) for record in seen.records for text in (record.text, *record.aside))
