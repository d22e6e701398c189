"""Somebody lists what begins with another's folder, with a pattern, or with nothing."""

from itertools import cycle

from memfence import Ability, Add, GetAll, Plan, Population, scenario
from memfence.plans.hostile_keys import prefixes


@scenario(needs=(Ability.KEYS, Ability.PREFIX, Add, GetAll), control="reroute", may_refuse=True)
def key_prefixes(population: Population) -> Plan:
    """A listing under any prefix holds one's own keys alone."""
    pairs = cycle(population.pairs())
    first = population.tenant(population.first)
    for position in range(len(prefixes("", "k"))):
        victim, attacker = next(pairs)
        fact = victim.facts[position % len(victim.facts)]
        planted = yield Add(victim, fact)
        yield GetAll(victim, fact)
        yield Add(attacker, attacker.facts[0])
        kind, prefix = prefixes(str(victim.id), planted.record.key or first.name)[position]
        yield GetAll(attacker.trying(kind), fact, prefix=prefix)
