"""A caller's filter names somebody else."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, scenario


@scenario(needs=(Add, (Search, GetAll), Ability.FILTERS), control="reroute", may_refuse=True)
def scope_override_by_filter(population: Population) -> Plan:
    """A tenant's own filters narrow what it sees; they never widen it to another's records."""
    for victim in population:
        attacker = next(population.attackers(victim))
        fact = victim.facts[0]
        yield Add(victim, fact)
        yield GetAll(victim, fact)
        yield Add(attacker, attacker.facts[-1])
        for filters in widening(victim.id, attacker.id):
            yield Search(attacker, fact.bare, fact, filters)
            yield GetAll(attacker, fact, filters)


def widening(victim: str, attacker: str) -> tuple[dict[str, object], ...]:
    """Return filters that try to reach the victim's records, in both orders of their keys."""
    theirs: dict[str, object] = {"user_id": victim}
    mine: dict[str, object] = {"user_id": attacker}
    return (
        theirs,
        {"AND": [theirs]},
        {**mine, "AND": [theirs]},
        {"AND": [theirs], **mine},
        {"OR": [theirs, mine]},
        {**mine, "OR": [theirs]},
        {"NOT": [mine]},
        {"$and": [theirs]},
        {"$or": [theirs, mine]},
        {"$not": [mine]},
        {"user_id": {"ne": attacker}},
        {"user_id": {"in": [victim, attacker]}},
        {"user_id": {"contains": victim[:8]}},
        {"user_id": None},
    )
