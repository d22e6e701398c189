"""Two users, of whom one's id begins as the other's whole id."""

from dataclasses import replace
from itertools import cycle

from memfence import Ability, Add, Delete, DeleteAll, Get, GetAll, Plan, Population, Update, scenario
from memfence.plans.by_record_id import CHANGED

# What the longer id goes on with: such characters stand in folders' names.
BEHIND = ("-x", "x", ".x", "_x", "1")
SPELT = ("../{owner}/{id}", "{climb}", "/{owner}/{id}", "{owner}/{id}")


@scenario(needs=(Ability.KEYS, Add, Get), control="reroute", destructive=True, may_refuse=True)
def begun_folders(population: Population) -> Plan:
    """Whose id is the beginning of another's neither reads, lists, changes nor removes what is that one's."""
    for behind, (one, shorter) in zip(BEHIND, cycle(population.pairs()), strict=False):
        longer = one.posing_as(f"{shorter.id}{behind}", "id: begun")
        fact = longer.facts[0]
        planted = yield Add(longer, fact)
        yield Get(longer, planted.record, fact)
        yield Add(shorter, shorter.facts[0])
        yield GetAll(shorter, fact)
        for spelt in SPELT:
            record = replace(planted.record, spelt=spelt)
            trying = shorter.trying("key: begun")
            yield Get(trying, record)
            yield Update(trying, record, CHANGED)
            yield Get(longer, planted.record, fact)
            yield Delete(trying, record)
            yield Get(longer, planted.record, fact)
        yield GetAll(longer, fact)
        yield DeleteAll(shorter, longer.index)
        yield GetAll(longer, fact)
        yield Get(longer, planted.record, fact)
        yield DeleteAll(longer, shorter.index)
