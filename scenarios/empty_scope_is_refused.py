"""The user id got lost on its way, or came as something else."""

from memfence import Add, GetAll, Plan, Population, Search, read_under, scenario
from memfence.plans.id_classes import under


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def empty_scope_is_refused(population: Population) -> Plan:
    """A caller without an id, or with a list or an operator in its place, reads nobody's records."""
    return read_under(population, lambda victim: under(victim.id, "id: no id"))
