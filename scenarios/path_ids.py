"""Somebody signs up with a path that leads to another's folder."""

from memfence import Add, GetAll, Plan, Population, Search, read_under, scenario
from memfence.plans.id_classes import Disguise, a_few, under
from memfence.plans.stories import shared_out


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def path_ids(population: Population) -> Plan:
    """A tenant whose id is a path, or another's id after two changes, reads no more than its own records."""
    composed = a_few(population.seed)
    return read_under(
        population,
        shared_out(
            population,
            lambda victim: [
                *under(victim.id, "id: path", "id: path in percent"),
                *[Disguise(one, "id: composed") for one in composed(victim.id)],
            ],
        ),
    )
