"""A user's id and a question, joined to one text, are those of another user."""

from memfence import Add, DeleteAll, Get, Plan, Population, Search, scenario
from memfence.plans.by_record_id import left, plant
from memfence.plans.joined_texts import ask_joined, couples
from memfence.plans.stories import shared_out

# The number of a fact that this story does not store.
NEVER_STORED = 22


@scenario(needs=(Add, (Search, Get)), control="reroute", destructive=True, may_refuse=True)
def joined_texts(population: Population) -> Plan:
    """No user is given what another was told, though their ids and their questions, or record ids, join to one text."""
    *_, last = population
    members = shared_out(population, lambda victim: couples(victim, last))
    for victim in population.block(first=population.first, size=max(1, population.size - 1)):
        fact, own = victim.facts[0], last.facts[-1]
        planted = yield from plant(victim, fact)
        unsaid = population.fact(victim.index, NEVER_STORED)
        for shorter, longer in members(victim):
            stored = yield from plant(longer, own)
            yield from ask_joined(shorter, longer, (fact, own), stored, unsaid)
            yield DeleteAll(longer, owner=victim.index)
            planted = yield from left(victim, fact, planted)
