"""Somebody signs up with a piece of a query."""

from memfence import Add, GetAll, Plan, Population, Search, read_under, scenario
from memfence.plans.id_classes import under
from memfence.plans.stories import shared_out


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def injected_ids(population: Population) -> Plan:
    """A tenant whose id is an expression in a store's language reads no more than its own records."""
    return read_under(population, shared_out(population, lambda victim: [*under(victim.id, "id: expression")]))
