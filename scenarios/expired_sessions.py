"""The time of a session is over."""

from memfence import Ability, Add, Expire, Get, GetAll, Plan, Population, Search, scenario
from memfence.model.weaknesses import EXPIRATION
from memfence.plans.strangers import look


@scenario(
    needs=(Ability.SIGN_IN, Ability.EXPIRE, Add, (Search, GetAll, Get)),
    control="reroute",
    may_refuse=True,
    cwe=EXPIRATION,
)
def expired_sessions(population: Population) -> Plan:
    """After its time a credential opens nothing."""
    for victim in population:
        planted = yield Add(victim, victim.facts[0])
        yield GetAll(victim, victim.facts[0])
        yield Expire(victim)
        yield from look(victim.bearing("expired"), victim, planted.record)
