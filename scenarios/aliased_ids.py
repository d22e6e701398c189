"""Somebody signs up with a blank behind another's name, or with another's number in other letters."""

from memfence import Add, GetAll, Plan, Population, Search, read_beside, read_under, scenario
from memfence.plans.hostile_ids import TRUTHS, padded, respelled


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True, policy="aliases")
def aliased_ids(population: Population) -> Plan:
    """A tenant whose id differs from another's by a blank or by its type is another tenant."""
    yield from read_under(population, lambda victim: padded(victim.id))
    # One number that is True is enough.
    yield from read_beside(
        population, lambda victim: respelled(victim.index) + (TRUTHS if victim.index == population.first else ())
    )
