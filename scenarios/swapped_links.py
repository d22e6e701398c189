"""A file in one's own folder becomes a link into another's between the look at its path and the opening."""

from dataclasses import replace
from itertools import product

from memfence import Ability, Add, Get, Plan, PlantLink, Population, Returned, Update, scenario
from memfence.plans.by_record_id import CHANGED

LOOKED_AT_BEFORE = 367
# Before which opening of the file, for some look by opening it, and open it again; and whether that is to write.
TRIES = tuple(product((1, 2), (False, True)))


@scenario(
    needs=(Ability.PATHS, Ability.STORAGE, Add, Get),
    control="reroute",
    destructive=True,
    may_refuse=True,
    cwe=LOOKED_AT_BEFORE,
)
def swapped_links(population: Population) -> Plan:
    """A link that takes a file's place once it was looked at shows and changes nothing of another tenant's."""
    for victim, attacker in population.pairs():
        place = victim.index - population.first
        fact = population.fact(victim.index, attacker.index - population.first)
        planted = yield Add(victim, fact)
        yield Get(victim, planted.record, fact)
        for number, (opening, writes) in enumerate(TRIES, population.size + len(TRIES) * place):
            own = yield Add(attacker, population.fact(attacker.index, number))
            linked = yield PlantLink(attacker, own.record, planted.record, opening)
            if isinstance(linked.observation, Returned):
                through = replace(own.record, owner=victim.index)
                yield Update(attacker, through, CHANGED) if writes else Get(attacker, through)
        yield Get(victim, planted.record, fact)
        yield Get(attacker, planted.record)
