"""A request is spelt otherwise than the check of its credential expects."""

from memfence import Ability, Add, Get, GetAll, Plan, Population, Search, scenario
from memfence.model.credentials import SPELLINGS
from memfence.model.weaknesses import AUTHENTICATION
from memfence.plans.strangers import look


@scenario(
    needs=(Ability.SIGN_IN, Ability.SPELLING, Add, (Search, GetAll, Get)),
    control="reroute",
    may_refuse=True,
    policy="anonymous",
    cwe=AUTHENTICATION,
)
def respelt_requests(population: Population) -> Plan:
    """However a request is spelt, without a credential nothing is opened."""
    for victim in population:
        attacker = next(population.attackers(victim))
        planted = yield Add(victim, victim.facts[0])
        yield GetAll(victim, victim.facts[0])
        for spelling in SPELLINGS:
            yield from look(attacker.bearing("absent", spelling=spelling), victim, planted.record)
