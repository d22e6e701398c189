"""Somebody signs up as `*`."""

from memfence import Add, GetAll, Plan, Population, Search, read_under, scenario
from memfence.plans.clients import asynchronously
from memfence.plans.id_classes import under


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True, policy="wildcard-ids")
def wildcard_ids(population: Population) -> Plan:
    """A tenant whose id is a pattern reads no more than its own records."""
    yield from read_under(population, lambda victim: under(victim.id, "id: pattern"))
    two = population.block(first=population.first, size=2)
    yield from read_under(two, lambda victim: under(victim.id, "id: pattern"), client=asynchronously)
