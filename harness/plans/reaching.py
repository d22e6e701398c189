"""How somebody reaches for one record of another, in every way in which a record can be named."""

from dataclasses import replace

from ..model.observations import Step
from ..model.operations import Add, Delete, Get, GetAll, History, RecordRef, Search, Update
from ..model.tenants import Fact, Tenant
from .by_record_id import CHANGED
from .record_ids import ASKED, QUESTIONS
from .scenario import Plan


def reach(attacker: Tenant, victim: Tenant, spelt: str) -> Plan:
    """Let the attacker read, change and delete the victim's record under an id spelt like this."""
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
    yield from look_twice(victim, planted, fact)
    yield Delete(attacker, record)
    yield GetAll(victim, fact)


def ask_for(attacker: Tenant, victim: Tenant) -> Plan:
    """Let the attacker search for the id of the victim's record."""
    fact = victim.facts[0]
    planted = yield Add(victim, fact)
    yield GetAll(victim, fact)
    for question in QUESTIONS:
        yield Search(attacker.trying(ASKED), question, fact, record=replace(planted.record, spelt=question))


def look_twice(victim: Tenant, planted: Step, fact: Fact) -> Plan:
    """Let the victim list its records, and read a value under its key: a listing may be one of keys alone."""
    yield GetAll(victim, fact)
    if planted.record.key:
        yield Get(victim, planted.record, fact)
