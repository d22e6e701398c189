"""One tenant leaves; the others stay."""

from memfence import Add, DeleteAll, GetAll, Plan, Population, Search, scenario
from memfence.plans.by_record_id import holds

# The number of a fact that its owner has not looked for when somebody leaves.
JUST_SAID = 10


@scenario(needs=(Add, DeleteAll, (GetAll, Search)), control="reroute", destructive=True)
def delete_all_leaves_others(population: Population) -> Plan:
    """A tenant deletes all of its records; the others still find theirs, also what they have stored a moment before."""
    stayed = True
    for victim in population:
        fact = victim.facts[0]
        yield Add(victim, fact)
        # A listing, where there is one: a search may miss what is still there.
        yield GetAll(victim, fact)
        for attacker in population.attackers(victim):
            yield Add(attacker, attacker.facts[-1])
            yield DeleteAll(attacker, owner=victim.index)
            seen = yield GetAll(victim, fact)
            stayed = stayed and holds(seen, fact)
    # Where even what had been found is gone, that more is lost says nothing new.
    for victim in population if stayed else ():
        # Nobody looks in between, nor for what the leaver has stored: that is gone before. What waits to be written may
        # go with what it leaves.
        just_said, leaver = population.fact(victim.index, JUST_SAID), next(population.attackers(victim))
        yield DeleteAll(leaver, owner=victim.index)
        yield Add(victim, just_said)
        yield DeleteAll(leaver, owner=victim.index)
        yield GetAll(victim, just_said)
