"""Somebody asks for a record by a path to it, by its id in other letters, beside one's own, or in a question."""

from itertools import cycle

from memfence import Add, Delete, Get, GetAll, History, Plan, Population, Search, Update, scenario
from memfence.plans.reaching import ask_for, reach
from memfence.plans.record_ids import SPELT


@scenario(
    needs=(Add, (Get, Update, Delete, History), (GetAll, Search)), control="reroute", destructive=True, may_refuse=True
)
def record_ids(population: Population) -> Plan:
    """Another's record is not reached by a path, nor by its id in other letters, beside one's own or in a question."""
    victims = cycle(population)
    # First as it is: where even that is not noticed, nothing is known of the others.
    for kind, spelt in (("", ""), *SPELT):
        victim = next(victims)
        attacker = next(population.attackers(victim)).trying(kind)
        yield from reach(attacker, victim, spelt)
    for victim in population:
        yield from ask_for(next(population.attackers(victim)), victim)
