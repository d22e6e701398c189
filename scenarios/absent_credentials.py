"""Somebody asks who has not signed in."""

from memfence import Ability, Add, Get, GetAll, Plan, Population, Search, scenario
from memfence.model.weaknesses import AUTHENTICATION
from memfence.plans.strangers import look


@scenario(
    needs=(Ability.SIGN_IN, Add, (Search, GetAll, Get)),
    control="reroute",
    may_refuse=True,
    policy="anonymous",
    cwe=AUTHENTICATION,
)
def absent_credentials(population: Population) -> Plan:
    """Without a credential, or with an empty one, nothing is opened."""
    for victim in population:
        attacker = next(population.attackers(victim))
        planted = yield Add(victim, victim.facts[0])
        yield GetAll(victim, victim.facts[0])
        for form in ("absent", "empty"):
            yield from look(attacker.bearing(form), victim, planted.record)
