"""Somebody subscribes who has not signed in, or whose session ends while the feed is open."""

from memfence import Ability, Add, GetAll, Plan, Population, SignIn, SignOut, scenario
from memfence.model.channels import FEEDS
from memfence.model.observations import Returned
from memfence.model.weaknesses import EXPIRATION
from memfence.plans.feeds import until_told


@scenario(
    needs=(Ability.SIGN_IN, Ability.SIGN_OUT, Add, (Ability.EVENTS, Ability.LIVE)),
    control="reroute",
    may_refuse=True,
    policy="anonymous",
    cwe=EXPIRATION,
)
def ended_feeds(population: Population) -> Plan:
    """A feed tells nothing to whoever has not signed in, and nothing more when its session has ended."""
    for tenant in population:
        yield Add(tenant, tenant.facts[0])
    for number, how in enumerate(FEEDS, 1):
        for victim in population:
            fact, second = population.fact(victim.index, number), victim.bearing(device=1)
            nobody = next(population.attackers(victim)).bearing("absent")
            yield GetAll(victim, victim.facts[0], how=how)
            yield SignIn(second)
            for subscriber in (second, nobody):
                yield GetAll(subscriber, victim.facts[0], how=how)
            # What comes of having subscribed is seen now: the look after the end waits for what comes then.
            yield GetAll(second, victim.facts[0], how=how)
            # Where a user may have one session alone, the first has ended, and that is no harm.
            asked = yield GetAll(victim, next(population.attackers(victim)).facts[0])
            yield SignOut(second)
            if not isinstance(asked.observation, Returned):
                yield SignIn(victim)
                yield GetAll(victim, victim.facts[0], how=how)
            yield Add(victim, fact)
            yield from until_told(victim, fact, how=how)
            for ended in (victim.bearing("closed", device=1), nobody):
                yield GetAll(ended, fact, how=how)
