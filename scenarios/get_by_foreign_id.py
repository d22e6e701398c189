"""A record id turns up in a log."""

from memfence import Add, Get, Plan, Population, RecordRef, scenario


@scenario(needs=(Add, Get), control="reroute", may_refuse=True)
def get_by_foreign_id(population: Population) -> Plan:
    """A tenant who learns another tenant's record id still cannot read the record."""
    for victim in population:
        planted = yield Add(victim, victim.facts[0])
        yield Get(victim, planted.record)
        for attacker in population.attackers(victim):
            yield Get(attacker, RecordRef(0, attacker.index))
            yield Get(attacker, planted.record)
