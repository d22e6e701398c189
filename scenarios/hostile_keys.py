"""Somebody asks for another's key by a path to it, by a pattern, or as a store may write it."""

from itertools import cycle

from memfence import Ability, Add, Delete, Get, GetAll, Plan, Population, Search, Update, scenario
from memfence.plans.hostile_keys import SPELT
from memfence.plans.reaching import reach


@scenario(
    needs=(Ability.KEYS, Add, (Get, Update, Delete), (GetAll, Search)),
    control="reroute",
    destructive=True,
    may_refuse=True,
)
def hostile_keys(population: Population) -> Plan:
    """Another tenant's value is not reached by a path, a pattern or a key made of both ids, whatever is asked of it."""
    victims = cycle(population)
    # First as it is: where even that is not noticed, nothing is known of the others.
    for kind, spelt in (("", ""), *SPELT):
        victim = next(victims)
        attacker = next(population.attackers(victim)).trying(kind)
        yield from reach(attacker, victim, spelt)
