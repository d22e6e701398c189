"""Somebody asks for a record by a path to it, or by its id in other letters."""

from dataclasses import replace
from itertools import cycle

from memfence import Add, Delete, Get, GetAll, History, Plan, Population, RecordRef, Search, Tenant, Update, scenario
from memfence.plans.record_ids import SPELT

CHANGED = "This was changed by somebody else."


@scenario(
    needs=(Add, (Get, Update, Delete, History), (GetAll, Search)), control="reroute", destructive=True, may_refuse=True
)
def record_ids(population: Population) -> Plan:
    """Another tenant's record is not reached by a path, nor by its id in other letters, whatever is asked of it."""
    victims = cycle(population)
    # First as it is: where even that is not noticed, nothing is known of the others.
    for kind, spelt in (("", ""), *SPELT):
        victim = next(victims)
        attacker = next(population.attackers(victim)).trying(kind)
        yield from reach(attacker, victim, spelt)


def reach(attacker: Tenant, victim: Tenant, spelt: str) -> Plan:
    """The attacker reads, changes and deletes the victim's record under an id spelt like this."""
    fact = victim.facts[0]
    planted = yield Add(victim, fact)
    yield GetAll(victim, fact)
    # For those that have no folder before they have stored something.
    yield Add(attacker, attacker.facts[0])
    record = replace(planted.record, spelt=spelt)
    unknown = RecordRef(0, attacker.index, spelt)
    for look in (Get, History):
        yield look(attacker, unknown)
        yield look(attacker, record)
    yield Update(attacker, record, CHANGED)
    yield GetAll(victim, fact)
    yield Delete(attacker, record)
    yield GetAll(victim, fact)
