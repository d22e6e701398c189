"""Everybody lists all they have."""

from memfence import Add, GetAll, Plan, Population, scenario


@scenario(needs=(Add, GetAll), control="reroute")
def list_all(population: Population) -> Plan:
    """Each tenant's list holds all of its own facts and none of anybody else's."""
    for tenant in population:
        for fact in tenant.facts:
            yield Add(tenant, fact)
    for victim in population:
        for fact in victim.facts:
            yield GetAll(victim, fact)
        for attacker in population.attackers(victim):
            yield GetAll(attacker, victim.facts[0])
