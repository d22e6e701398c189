"""Somebody signs up with a name that looks like another's."""

from memfence import Add, GetAll, Plan, Population, Search, read_beside, read_under, scenario
from memfence.plans.hostile_ids import look_alikes, twins


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def confusable_ids(population: Population) -> Plan:
    """A tenant whose id looks like another's, or folds to it, is another tenant."""
    yield from read_under(population, lambda victim: look_alikes(victim.id))
    yield from read_beside(population, lambda victim: twins(victim.id))
