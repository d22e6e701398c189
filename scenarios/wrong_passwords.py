"""Somebody knows another's name, and not the password."""

from itertools import islice

from memfence import Ability, Add, GetAll, Plan, Population, Search, scenario
from memfence.model.credentials import MISTAKEN, MISTAKES
from memfence.model.weaknesses import AUTHENTICATION


@scenario(
    needs=(Ability.SIGN_IN, Ability.MISTAKE, Add, (GetAll, Search)),
    control="reroute",
    may_refuse=True,
    cwe=AUTHENTICATION,
)
def wrong_passwords(population: Population) -> Plan:
    """A name opens nothing without its password, also where it is signed up once more with another.

    A few are asked about: who is wrong too often is kept out.
    """
    for victim, attacker in islice(population.pairs(), len(MISTAKES)):
        fact = victim.facts[0]
        yield Add(victim, fact)
        yield GetAll(victim, fact)
        for number in range(len(MISTAKES)):
            mistaken = attacker.bearing(MISTAKEN, of=victim, number=number)
            yield GetAll(mistaken, fact)
            yield Search(mistaken, fact.bare, fact)
