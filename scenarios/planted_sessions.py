"""An attacker knows the session id that a victim will sign in with."""

from memfence import Ability, Add, Get, GetAll, Plan, Population, Search, SignIn, scenario
from memfence.model.weaknesses import FIXATION
from memfence.plans.strangers import look, put_anew


@scenario(needs=(Ability.SIGN_IN, Add, (Search, GetAll, Get)), control="reroute", may_refuse=True, cwe=FIXATION)
def planted_sessions(population: Population) -> Plan:
    """A session id that was made up, or issued to a guest, opens nothing once its bearer has signed in."""
    for victim, attacker in population.pairs():
        planted = yield Add(victim, victim.facts[0])
        for how in ("made up", "kept"):
            yield SignIn(victim, carrying=how)
            planted = yield from put_anew(population, victim, planted)
            yield from look(attacker.bearing(how, of=victim), victim, planted.record)
        yield GetAll(victim, victim.facts[0])
