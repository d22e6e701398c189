"""Somebody signs up as `*`."""

from memfence import Add, GetAll, Plan, Population, Search, read_under, scenario
from memfence.plans.hostile_ids import patterns


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True, policy="wildcard-ids")
def wildcard_ids(population: Population) -> Plan:
    """A tenant whose id is a pattern reads no more than its own records."""
    return read_under(population, lambda victim: patterns(victim.id))
