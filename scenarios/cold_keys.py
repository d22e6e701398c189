"""Many ask at the same moment for a key that nobody has asked for before."""

from memfence import Ability, Add, Get, Plan, Population, Together, scenario
from memfence.model.keys import key_of


@scenario(needs=(Ability.KEYS, Add, Get), control="reroute", may_refuse=True)
def cold_keys(population: Population) -> Plan:
    """Who asks for one key at the same moment as others gets its own value, not that of whoever came first."""
    tenants = list(population)
    for number, fact in enumerate(tenants[0].facts):
        shared = key_of(population.keys, f"answer-{number}")
        records = []
        for tenant in tenants:
            planted = yield Add(tenant, tenant.facts[fact.number], under=shared)
            records.append(planted.record)
        asks = [
            Get(tenant, records[(place + 1) % len(tenants)] if turn else records[place])
            for turn in (False, True)
            for place, tenant in enumerate(tenants)
        ]
        yield Together(tuple(asks))
