"""A caller's filter names somebody else."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, scenario
from memfence.plans.overrides import widening


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
