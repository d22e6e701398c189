"""Stories that several scenarios tell, each with ids of its own."""

from collections.abc import Callable, Iterable

from .operations import Add, GetAll, Search
from .plans import Plan
from .population import Population
from .tenants import Tenant


def read_under(population: Population, ids: Callable[[Tenant], Iterable[str]]) -> Plan:
    """One tenant signs up under each of these ids, made from each victim's, and looks for the victim's fact.

    It is one tenant for all of them: two who sign up under one name would rightly share a memory.
    """
    attacker = population.tenant(population.first + population.size - 1)
    for victim in population:
        if victim == attacker:
            return
        fact = victim.facts[0]
        yield Add(victim, fact)
        yield GetAll(victim, fact)
        for hostile_id in ids(victim):
            if population.owner_of_label(hostile_id) is not None:
                # No disguise: a tenant of this very id is that tenant, and may read its own.
                continue
            stranger = attacker.posing_as(hostile_id)
            yield Add(stranger, attacker.facts[0])
            yield Search(stranger, fact.about, fact)
            yield GetAll(stranger, fact)
