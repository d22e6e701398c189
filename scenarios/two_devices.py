"""One user has a session on each of two devices."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, SignIn, SignOut, scenario
from memfence.model.weaknesses import EXPIRATION
from memfence.plans.strangers import look


@scenario(
    needs=(Ability.SIGN_IN, Ability.SIGN_OUT, Add, (GetAll, Search)), control="reroute", may_refuse=True, cwe=EXPIRATION
)
def two_devices(population: Population) -> Plan:
    """Each session shows its user's own; to end one neither ends nor opens the other."""
    for victim in population:
        fact, second = victim.facts[0], victim.bearing(device=1)
        planted = yield Add(victim, fact)
        yield SignIn(second)
        if not population.keys:
            # What is put into a session may well stay in that one.
            yield GetAll(second, fact)
        yield SignOut(second)
        if not population.keys:
            # An application may allow each user one session, so that the second has ended the first.
            yield SignIn(victim)
        yield from look(victim.bearing("closed", device=1), victim, planted.record)
        yield GetAll(victim, fact)
