"""The user id got lost on its way, or came as something else."""

from memfence import Add, GetAll, Plan, Population, Search, Tenant, read_under, scenario


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def empty_scope_is_refused(population: Population) -> Plan:
    """A caller without an id, or with a list or an operator in its place, reads nobody's records."""
    return read_under(population, no_ids)


def no_ids(victim: Tenant) -> tuple[object, ...]:
    """Return what may stand where an id belongs."""
    return ("", None, {}, [], (), [victim.id], [victim.id, ""], {"ne": "x"}, {"in": [victim.id]}, False, 0)
