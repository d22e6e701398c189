"""Everybody searches for everybody else's facts."""

from memfence import Add, Plan, Population, Search, scenario


@scenario(needs=(Add, Search), control="reroute")
def cross_search(population: Population) -> Plan:
    """Each tenant searches for others' facts in meaning, by their canary and word for word."""
    for victim in population:
        for fact in victim.facts:
            yield Add(victim, fact)
            yield Search(victim, fact.text, fact)
            for attacker in population.attackers(victim):
                # Word for word comes last: once a tenant has sent the whole sentence, getting it back says less.
                yield Search(attacker, fact.about, fact)
                yield Search(attacker, fact.canary, fact)
                yield Search(attacker, fact.text, fact)
