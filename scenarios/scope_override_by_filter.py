"""A caller's filter names somebody else."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, scenario
from memfence.plans.overrides import filters_by_class, widening, widening_by_key
from memfence.plans.scope_keys import ScopeKeys


@scenario(needs=(Add, (Search, GetAll), Ability.FILTERS), control="reroute", may_refuse=True)
def scope_override_by_filter(population: Population) -> Plan:
    """A tenant's own filters narrow what it sees; they never widen it to another's records.

    The first victim meets every form that filters have, the others the commonest. By which keys a record tells whose it
    is, is learned from the owners' own looks.
    """
    keys = ScopeKeys.said(population.scope_keys)
    for victim in population:
        attacker = next(population.attackers(victim))
        fact = victim.facts[0]
        yield Add(victim, fact)
        keys.learn((yield GetAll(victim, fact)))
        keys.learn((yield Search(victim, fact.text, fact)))
        yield Add(attacker, attacker.facts[-1])
        if victim.index == population.first:
            tried = filters_by_class(victim.id, attacker.id, keys.known)
        else:
            tried = (*widening_by_key(victim.id, keys.known), *[("", one) for one in widening(victim.id, attacker.id)])
        for kind, filters in tried:
            asker = attacker.trying(kind)
            yield Search(asker, fact.bare, fact, filters)
            yield GetAll(asker, fact, filters)
