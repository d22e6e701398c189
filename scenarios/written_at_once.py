"""Many put something under one key at the same moment."""

from memfence import Ability, Add, Get, Plan, Population, RecordRef, Together, scenario
from memfence.model.keys import key_of
from memfence.model.weaknesses import WRONG_SESSION


@scenario(needs=(Ability.KEYS, Add, Get), control="reroute", may_refuse=True, cwe=WRONG_SESSION)
def written_at_once(population: Population) -> Plan:
    """What is put under one key by many at once is each one's own value, and none is mixed with another's."""
    tenants = list(population)
    for number, _ in enumerate(tenants[0].facts):
        shared = key_of(population.keys, f"upload-{number}")
        yield Together(tuple(Add(tenant, tenant.facts[number], under=shared) for tenant in tenants))
        for tenant in tenants:
            yield Get(tenant, RecordRef(0, tenant.index, key=shared), tenant.facts[number])
        for victim, attacker in population.pairs():
            yield Get(attacker, RecordRef(0, victim.index, key=shared))
