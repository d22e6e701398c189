"""Somebody says another's user id beside its own credential."""

from memfence import Ability, Add, Get, GetAll, Plan, Population, Search, scenario
from memfence.plans.claims import MORE, READING


@scenario(needs=(Ability.SIGN_IN, Ability.CLAIM, Add, (Search, GetAll, Get)), control="reroute", may_refuse=True)
def claimed_users(population: Population) -> Plan:
    """A user id in the query, the path, a header or a cookie does not win over the credential, nor does a role."""
    for victim in population:
        fact, attacker = victim.facts[0], next(population.attackers(victim))
        planted = yield Add(victim, fact)
        yield Add(attacker, attacker.facts[0])
        for claim in READING:
            claiming = attacker.bearing(of=victim, claim=claim)
            yield GetAll(claiming, fact)
            yield Search(claiming, fact.bare, fact)
            yield Get(claiming, planted.record)
        for wish in MORE:
            wishing = attacker.bearing(of=victim, claim=wish)
            yield GetAll(wishing, fact)
            yield Search(wishing, fact.bare, fact)
        yield GetAll(attacker, attacker.facts[0])
