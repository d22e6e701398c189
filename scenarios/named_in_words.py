"""Somebody names another user in a query, or in what they store."""

from memfence import Add, GetAll, Plan, Population, Search, scenario


@scenario(needs=(Add, Search), control="reroute")
def named_in_words(population: Population) -> Plan:
    """To name another tenant in words reads nothing of that tenant's, and stores nothing in its memory."""
    for victim in population:
        fact = victim.facts[0]
        yield Add(victim, fact)
        yield Search(victim, fact.text, fact)
        for attacker in population.attackers(victim):
            # One is near to the fact itself, for a store that finds words and no meaning.
            near = f"user_id: {victim.id}. {fact.bare}"
            for query in (victim.id, f"What does {victim.id} like?", near, f"user_id={victim.id}"):
                yield Search(attacker, query, fact)
            own = attacker.facts[-1]
            yield Add(attacker, own, text=f"user_id: {victim.id}. {own.text}")
            yield GetAll(attacker, fact)
            yield GetAll(victim, fact)
