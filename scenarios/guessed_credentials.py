"""Somebody guesses another's credential from those that it was given itself."""

from memfence import Ability, Add, Get, GetAll, Plan, Population, Search, SignIn, scenario
from memfence.model.weaknesses import AUTHENTICATION
from memfence.plans.strangers import look, put_anew


@scenario(needs=(Ability.SIGN_IN, Add, (Search, GetAll, Get)), control="reroute", may_refuse=True, cwe=AUTHENTICATION)
def guessed_credentials(population: Population) -> Plan:
    """Credentials issued one after the other do not tell each other."""
    for victim in population:
        attacker = next(population.attackers(victim))
        planted = yield Add(victim, victim.facts[0])
        for number in range(2):
            # What is guessed is issued right before those that it is guessed from.
            yield SignIn(victim)
            planted = yield from put_anew(population, victim, planted)
            yield from look(attacker.bearing("guessed", of=victim, number=number), victim, planted.record)
        yield GetAll(victim, victim.facts[0])
