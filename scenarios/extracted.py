"""Facts come into the memory by way of the LLM that extracts them."""

from memfence import Ability, Chat, GetAll, Plan, Population, Search, scenario


@scenario(needs=((Search, GetAll), Ability.PROMPTS), control="reroute")
def extracted(population: Population) -> Plan:
    """What an LLM has made of one tenant's words is found by nobody else; the report says how much of it survived."""
    for tenant in population:
        for fact in tenant.facts:
            yield Chat(tenant, fact, seeks=fact)
    for victim in population:
        for fact in victim.facts:
            yield Search(victim, fact.text, fact)
            yield GetAll(victim, fact)
        for attacker in population.attackers(victim):
            for fact in victim.facts:
                yield Search(attacker, fact.bare, fact)
            yield GetAll(attacker, victim.facts[0])
