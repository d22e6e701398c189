"""Somebody whose id is an attack talks to the agent, or in the run, that a user talks to."""

from itertools import cycle

from memfence import Ability, Add, GetAll, Plan, Population, Search, scenario
from memfence.plans.hostile_scopes import beside_a_shared_one, hostile_parts
from memfence.plans.outsiders import everything


@scenario(
    needs=(Add, (Search, GetAll), (Ability.RUN_ID, Ability.AGENT_ID)),
    control="reroute",
    destructive=True,
    may_refuse=True,
)
def hostile_scopes(population: Population) -> Plan:
    """A shared agent or run, or one whose own id is an attack, opens nobody's records to whoever comes with it."""
    pairs = [(victim, next(population.attackers(victim))) for victim in population]
    for family in (beside_a_shared_one, hostile_parts):
        turns = range(len(family(*pairs[0])))
        for turn, (victim, attacker) in zip(turns, cycle(pairs), strict=False):
            owner, outsider = family(victim, attacker)[turn]
            yield from everything(outsider, owner, attacker.facts[-1])
