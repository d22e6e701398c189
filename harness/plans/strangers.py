"""What somebody asks who comes through a credential that is not, or no more, their own."""

from collections.abc import Generator

from ..model.observations import Step
from ..model.operations import Add, Delete, DeleteAll, Get, GetAll, History, Operation, RecordRef, Search, Update
from ..model.tenants import Tenant
from .population import Population
from .scenario import Plan

# The ways by which an application shows its users all that it has of them.
WHOLE = ("page", "export")


def look(stranger: Tenant, victim: Tenant, record: RecordRef) -> Plan:
    """Ask in every way for what the victim has stored."""
    fact = victim.facts[0]
    yield GetAll(stranger, fact)
    yield Search(stranger, fact.bare, fact)
    yield Get(stranger, record)
    yield History(stranger, record)
    yield Search(stranger, fact.bare, fact, how="ask")
    for how in WHOLE:
        yield GetAll(stranger, fact, how=how)


def write(stranger: Tenant, victim: Tenant, record: RecordRef) -> Plan:
    """Try to store, to change and to remove something of the victim's; the victim looks after each."""
    fact = victim.facts[0]
    yield GetAll(victim, fact)
    yield Add(stranger, stranger.facts[-1], into=victim.index)
    yield GetAll(victim, fact)
    for attempt in (
        Update(stranger, record, stranger.facts[-1].text),
        Delete(stranger, record),
        DeleteAll(stranger, owner=victim.index),
    ):
        yield attempt
        yield GetAll(victim, fact)


def put_anew(population: Population, victim: Tenant, planted: Step) -> Generator[Operation, Step, Step]:
    """Store the victim's fact once more where it has just signed in, and return what it is stored by.

    What is put under a key may lie in the session that it was put into, and a new one is another place.
    """
    if not population.keys:
        return planted
    return (yield Add(victim, victim.facts[0]))
