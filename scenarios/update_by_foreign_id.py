"""A record id turns up in a log, and somebody writes to it."""

from memfence import Add, GetAll, Plan, Population, RecordRef, Search, Update, scenario
from memfence.plans.by_record_id import CHANGED
from memfence.plans.reaching import look_twice


@scenario(needs=(Add, Update, (GetAll, Search)), control="reroute", destructive=True, may_refuse=True)
def update_by_foreign_id(population: Population) -> Plan:
    """A tenant who learns another tenant's record id still cannot change the record."""
    for victim in population:
        fact = victim.facts[0]
        for attacker in population.attackers(victim):
            planted = yield Add(victim, fact)
            yield GetAll(victim, fact)
            yield Update(attacker, RecordRef(0, attacker.index), CHANGED)
            yield Update(attacker, planted.record, CHANGED)
            yield from look_twice(victim, planted, fact)
