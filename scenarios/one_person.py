"""One person talks to two agents, in two runs or through two apps."""

from memfence import Ability, Add, DeleteAll, GetAll, Plan, Population, Search, scenario
from memfence.plans.by_record_id import holds, plant
from memfence.plans.identities import two_of_one

# The number of a fact that is never stored.
UNSAID = 21


@scenario(
    needs=(Add, (Search, GetAll), (Ability.RUN_ID, Ability.AGENT_ID, Ability.APP_ID)),
    control="reroute",
    destructive=True,
    may_refuse=True,
)
def one_person(population: Population) -> Plan:
    """Where a memory keeps one person's runs, agents or apps apart, it does so for each question, and erases one alone.

    Whether it does is seen by asking: a search may be of one run where the listing is of all. Where a call shows a
    person everything, whichever agent asks, nothing more is asked by it.
    """
    victim = population.tenant(population.first)
    attacker = next(population.attackers(victim))
    fact, unsaid = victim.facts[0], population.fact(victim.index, UNSAID)
    for here, there in two_of_one(victim):
        if (yield from plant(here, fact)) is None:
            continue
        shown = []
        for asker in (here, there):
            # What it looks for is nothing stored: not to see it is no loss.
            found = yield Search(asker, fact.text, unsaid)
            listed = yield GetAll(asker, unsaid)
            shown.append((holds(found, fact), holds(listed, fact)))
        (searches, lists), (finds_there, lists_there) = shown
        # There it is foreign, though the user id is the same.
        other = attacker.posing_as(victim.id, there.kind).in_scope(**dict(there.within))
        if searches and not finds_there:
            yield Search(other, fact.bare, fact)
            yield Search(other, fact.about, fact)
        if lists and not lists_there:
            yield Add(other, attacker.facts[-1])
            yield GetAll(other, fact)
        if searches + lists and not finds_there + lists_there:
            yield DeleteAll(other, owner=victim.index)
            yield GetAll(here, fact)
