"""A record id turns up in a log, and somebody deletes it."""

from memfence import Add, Delete, GetAll, Plan, Population, RecordRef, Search, scenario


@scenario(needs=(Add, Delete, (GetAll, Search)), control="reroute", destructive=True, may_refuse=True)
def delete_by_foreign_id(population: Population) -> Plan:
    """A tenant who learns another tenant's record id still cannot delete the record."""
    for victim in population:
        for fact, attacker in zip(victim.facts, population.attackers(victim), strict=False):
            planted = yield Add(victim, fact)
            yield GetAll(victim, fact)
            yield Delete(attacker, RecordRef(0, attacker.index))
            yield Delete(attacker, planted.record)
            yield GetAll(victim, fact)
