"""Somebody signs out."""

from memfence import Ability, Add, Get, GetAll, Plan, Population, Search, SignIn, SignOut, scenario
from memfence.model.weaknesses import EXPIRATION
from memfence.plans.strangers import look, put_anew


@scenario(
    needs=(Ability.SIGN_IN, Ability.SIGN_OUT, Add, (Search, GetAll, Get)),
    control="reroute",
    may_refuse=True,
    cwe=EXPIRATION,
)
def signed_out(population: Population) -> Plan:
    """Who has signed out is gone, and the next user of a browser sees nothing of the last, who may still be in it."""
    for victim in population:
        fact, following = victim.facts[0], next(population.attackers(victim))
        planted = yield Add(victim, fact)
        yield GetAll(victim, fact)
        yield SignOut(victim)
        yield from look(victim.bearing("closed"), victim, planted.record)
        yield SignIn(following.bearing(of=victim), carrying="left")
        yield from look(following, victim, planted.record)
        yield SignIn(victim)
        yield from put_anew(population, victim, planted)
        yield GetAll(victim, fact)
        # A new session does not wake the old one.
        yield GetAll(victim.bearing("closed"), fact)
        # Somebody else signs in where nobody has signed out.
        yield SignIn(following.bearing(of=victim), carrying="left")
        yield from look(following, victim, planted.record)
        # That may have ended the session that was open there.
        yield SignIn(victim)
