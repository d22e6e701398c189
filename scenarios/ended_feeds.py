"""Somebody subscribes who has not signed in, or whose session ends while the feed is open."""

from collections.abc import Generator

from memfence import Ability, Add, Fact, GetAll, Plan, Population, SignOut, Tenant, scenario
from memfence.model.channels import FEEDS, Channel
from memfence.model.observations import Returned, Step
from memfence.model.operations import Operation

# MITRE's number.
EXPIRATION = 613
# Each look waits a moment by itself.
_LOOKS = 6


@scenario(
    needs=(Ability.SIGN_IN, Ability.SIGN_OUT, Add, (Ability.EVENTS, Ability.LIVE)),
    control="reroute",
    may_refuse=True,
    policy="anonymous",
    cwe=EXPIRATION,
)
def ended_feeds(population: Population) -> Plan:
    """A feed tells nothing to whoever has not signed in, and nothing more when its session has ended."""
    for number, how in enumerate(FEEDS, 1):
        for victim in population:
            fact, second = population.fact(victim.index, number), victim.bearing(device=1)
            nobody = next(population.attackers(victim)).bearing("absent")
            yield Add(victim, victim.facts[0])
            for subscriber in (victim, second, nobody):
                yield GetAll(subscriber, victim.facts[0], how=how)
            yield SignOut(second)
            yield Add(victim, fact)
            yield from _awaited(victim, fact, how)
            for ended in (victim.bearing("closed", device=1), nobody):
                yield GetAll(ended, fact, how=how)


def _awaited(by: Tenant, fact: Fact, how: Channel) -> Generator[Operation, Step, None]:
    """Look until one's own fact has come, and no longer than it may take."""
    for _ in range(_LOOKS):
        seen = (yield GetAll(by, fact, how=how)).observation
        if not isinstance(seen, Returned) or any(
            fact.stands_in(text) for one in seen.records for text in (one.text, *one.aside)
        ):
            return
