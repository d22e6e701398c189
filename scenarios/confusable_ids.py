"""Somebody signs up with a name that looks like another's."""

from memfence import Add, GetAll, Plan, Population, Search, read_beside, read_under, scenario
from memfence.plans.id_classes import beside, under
from memfence.plans.stories import shared_out

LOOK_ALIKE = (
    "id: case",
    "id: full width",
    "id: invisible",
    "id: longer",
    "id: look-alike",
    "id: percent",
    "id: role",
    "id: shorter",
)
TWINS = ("id: begun", "id: cut", "id: folding", "id: normalisation")


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def confusable_ids(population: Population) -> Plan:
    """A tenant whose id looks like another's, or folds to it, is another tenant."""
    yield from read_under(population, shared_out(population, lambda victim: [*under(victim.id, *LOOK_ALIKE)]))
    yield from read_beside(population, shared_out(population, lambda victim: [*beside(victim.id, *TWINS)]))
