"""One user has a session on each of two devices."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, SignIn, SignOut, scenario
from memfence.model.observations import Returned
from memfence.model.weaknesses import EXPIRATION
from memfence.plans.strangers import look, put_anew


@scenario(
    needs=(Ability.SIGN_IN, Ability.SIGN_OUT, Add, (GetAll, Search)), control="reroute", may_refuse=True, cwe=EXPIRATION
)
def two_devices(population: Population) -> Plan:
    """Each session shows its user's own; to end one neither ends nor opens the other."""
    stored = {}
    for tenant in population:
        stored[tenant.index] = yield Add(tenant, tenant.facts[0])
    for victim in population:
        fact, second, planted = victim.facts[0], victim.bearing(device=1), stored[victim.index]
        yield GetAll(victim, fact)
        yield SignIn(second)
        # Where a user may have one session alone, the first has ended, and that is no harm.
        asked = yield GetAll(victim, next(population.attackers(victim)).facts[0])
        if not population.keys:
            # What is put into a session may well stay in that one.
            yield GetAll(second, fact)
        yield SignOut(second)
        if not isinstance(asked.observation, Returned):
            yield SignIn(victim)
            planted = yield from put_anew(population, victim, planted)
        yield from look(victim.bearing("closed", device=1), victim, planted.record)
        yield GetAll(victim, fact)
