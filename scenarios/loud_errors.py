"""Somebody makes mistakes on purpose, and reads the errors."""

from memfence import Add, Delete, Get, GetAll, History, Plan, Population, RecordRef, Search, Tenant, Update, scenario

ODD_FILTERS: tuple[dict[str, object], ...] = (
    {"AND": 1},
    {"user_id": {"no-such-operator": 1}},
    {"": ""},
    {"x": object()},
)


@scenario(
    needs=(Add, (Get, Update, Delete, History, Search)),
    control="echo",
    destructive=True,
    may_refuse=True,
    reads_errors=True,
)
def loud_errors(population: Population) -> Plan:
    """No refusal and no crash quotes another tenant's fact."""
    for victim in population:
        planted = yield Add(victim, victim.facts[0])
        yield GetAll(victim, victim.facts[0])
        for attacker in population.attackers(victim):
            yield from mistakes(attacker, planted.record, victim)


def mistakes(attacker: Tenant, record: RecordRef, victim: Tenant) -> Plan:
    """Make calls that deserve an error."""
    fact = victim.facts[0]
    yield Get(attacker, record)
    yield History(attacker, record)
    yield Update(attacker, record, "\ud800")
    yield Search(attacker, "\ud800", fact)
    yield Search(attacker, "", fact)
    for filters in ODD_FILTERS:
        yield Search(attacker, fact.bare, fact, filters)
        yield GetAll(attacker, fact, filters)
    yield Get(attacker.posing_as("\ud800"), record)
    yield Delete(attacker, record)
