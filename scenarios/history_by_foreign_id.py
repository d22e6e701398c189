"""A record id turns up in a log, and the record has a past."""

from memfence import Add, History, Plan, Population, RecordRef, scenario


@scenario(needs=(Add, History), control="reroute", may_refuse=True)
def history_by_foreign_id(population: Population) -> Plan:
    """A tenant who learns another tenant's record id still cannot read its earlier texts."""
    for victim in population:
        planted = yield Add(victim, victim.facts[0])
        yield History(victim, planted.record)
        for attacker in population.attackers(victim):
            yield History(attacker, RecordRef(0, attacker.index))
            yield History(attacker, planted.record)
