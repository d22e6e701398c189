"""Somebody signs up as `*`, and leaves."""

from memfence import Add, DeleteAll, GetAll, Plan, Population, Search, scenario


@scenario(
    needs=(Add, DeleteAll, (GetAll, Search)),
    control="reroute",
    destructive=True,
    may_refuse=True,
    policy="wildcard-ids",
)
def wildcard_delete_all(population: Population) -> Plan:
    """A tenant whose id is a pattern deletes no more than its own records."""
    for victim in population:
        fact = victim.facts[0]
        for attacker in population.attackers(victim):
            for pattern in ("*", "%", ".*", f"{victim.id[:12]}*"):
                yield Add(victim, fact)
                yield GetAll(victim, fact)
                yield DeleteAll(attacker.posing_as(pattern), owner=victim.index)
                yield GetAll(victim, fact)
