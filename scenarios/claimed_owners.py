"""Somebody stores something and names another as its owner."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, scenario
from memfence.plans.claims import READING, WRITING


@scenario(needs=(Ability.SIGN_IN, Ability.CLAIM, Add, (GetAll, Search)), control="reroute", may_refuse=True)
def claimed_owners(population: Population) -> Plan:
    """What is stored with another's user id in the body, the query or a header is not put into the other's memory."""
    for victim in population:
        fact, attacker = victim.facts[0], next(population.attackers(victim))
        yield Add(victim, fact)
        for number, claim in enumerate((*WRITING, *READING)):
            said = population.fact(attacker.index, number % len(WRITING))
            yield Add(attacker.bearing(of=victim, claim=claim), said, into=victim.index)
            yield GetAll(victim, fact)
