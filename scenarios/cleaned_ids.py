"""Two sign up whose names differ in nothing but punctuation."""

from memfence import Add, GetAll, Plan, Population, Search, read_beside, read_under, scenario
from memfence.plans.id_classes import beside, under
from memfence.plans.stories import shared_out


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def cleaned_ids(population: Population) -> Plan:
    """Two tenants whose ids are one where punctuation is replaced, or dropped, are two tenants."""
    yield from read_under(population, shared_out(population, lambda victim: [*under(victim.id, "id: punctuation")]))
    yield from read_beside(population, shared_out(population, lambda victim: [*beside(victim.id, "id: cleaning")]))
