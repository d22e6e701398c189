"""Somebody writes who has no right to: without a credential, or with one that was made up."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, SignOut, scenario
from memfence.model.weaknesses import AUTHENTICATION
from memfence.plans.strangers import put_anew, write


@scenario(
    needs=(Ability.SIGN_IN, Add, (GetAll, Search)),
    control="reroute",
    destructive=True,
    may_refuse=True,
    policy="anonymous",
    cwe=AUTHENTICATION,
)
def forged_writes(population: Population) -> Plan:
    """Without a valid credential nothing is stored, changed or removed."""
    for victim in population:
        attacker = next(population.attackers(victim))
        planted = yield Add(victim, victim.facts[0])
        for form in ("absent", "empty"):
            yield from write(attacker.bearing(form), victim, planted.record)
        for form in ("altered", "cut"):
            yield from write(victim.bearing(form), victim, planted.record)
        for form in ("user", "unsigned"):
            yield from write(attacker.bearing(form, of=victim), victim, planted.record)
        yield SignOut(victim)
        planted = yield from put_anew(population, victim, planted)
        yield from write(victim.bearing("closed"), victim, planted.record)
