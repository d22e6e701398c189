"""A credential that was issued is changed by somebody who does not know its secret."""

from memfence import Ability, Add, Get, GetAll, Plan, Population, Search, scenario
from memfence.model.credentials import KNOWN_KEY
from memfence.model.weaknesses import SIGNATURE
from memfence.plans.strangers import look

# How many variants of a form there are, at most; what a token does not have is not tried.
VARIANTS = 4


@scenario(needs=(Ability.SIGN_IN, Add, (Search, GetAll, Get)), control="reroute", may_refuse=True, cwe=SIGNATURE)
def altered_credentials(population: Population) -> Plan:
    """A credential that was changed, cut, or issued for something else opens nothing; nor does another's name in it."""
    for victim in population:
        attacker = next(population.attackers(victim))
        planted = yield Add(victim, victim.facts[0])
        for number in range(VARIANTS):
            for form in ("altered", "cut", "other purpose"):
                yield from look(victim.bearing(form, number=number), victim, planted.record)
            for form in ("user", "unsigned", "beside"):
                yield from look(attacker.bearing(form, of=victim, number=number), victim, planted.record)
        yield from look(attacker.bearing(KNOWN_KEY, of=victim), victim, planted.record)
        yield GetAll(victim, victim.facts[0])
