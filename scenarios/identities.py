"""A tenant is not always a user: it may be known by an agent, a run or an app, alone or beside a user id."""

from itertools import cycle

from memfence import Ability, Add, GetAll, Plan, Population, Search, scenario
from memfence.plans.identities import shapes
from memfence.plans.outsiders import everything


@scenario(
    needs=(Add, (Search, GetAll), (Ability.RUN_ID, Ability.AGENT_ID, Ability.APP_ID)),
    control="reroute",
    destructive=True,
    may_refuse=True,
)
def identities(population: Population) -> Plan:
    """Whatever a tenant is known by, nobody known otherwise reads, changes or removes its records."""
    pairs = cycle((victim, next(population.attackers(victim))) for victim in population)
    for shape, (victim, attacker) in zip(shapes(), pairs, strict=False):
        owner, outsider = shape(victim, attacker)
        yield from everything(outsider, owner, attacker.facts[-1])
