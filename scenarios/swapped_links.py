"""A file in one's own folder, or that folder, becomes a link between the look at a path and the opening."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, cycle, islice, product

from memfence import Ability, Add, Fact, Get, Plan, PlantLink, Population, Returned, Tenant, Update, scenario
from memfence.model.weaknesses import LOOKED_AT_BEFORE
from memfence.plans.by_record_id import CHANGED

# Whether it is a folder; before which opening of the file, for some look by opening it, and open it again; and whether
# that is to write. A pair of many makes a few of these.
FEW = 2
TRIES = tuple(product((False, True), (1, 2), (False, True)))


@scenario(
    needs=(Ability.PATHS, Ability.STORAGE, Add, Get),
    control="reroute",
    destructive=True,
    may_refuse=True,
    cwe=LOOKED_AT_BEFORE,
)
def swapped_links(population: Population) -> Plan:
    """A link that takes a file's place once it was looked at shows and changes nothing of another tenant's."""
    numbers: dict[int, Iterator[int]] = defaultdict(count)

    def fact_of(tenant: Tenant) -> Fact:
        return population.fact(tenant.index, next(numbers[tenant.index]))

    pairs, tries = list(population.pairs()), cycle(TRIES)
    each = max(FEW, -(-len(TRIES) // len(pairs)))
    for victim, attacker in pairs:
        for folder, opening, writes in islice(tries, each):
            fact = fact_of(victim)
            planted = yield Add(victim, fact)
            own = yield Add(attacker, fact_of(attacker))
            sought, there = fact, planted.record
            if folder:
                # What lies under the same name in the victim's folder.
                sought = fact_of(victim)
                there = (yield Add(victim, sought, under=own.record.key)).record
            yield Get(victim, there, sought)
            linked = yield PlantLink(attacker, own.record, planted.record, opening, folder)
            if isinstance(linked.observation, Returned):
                through = replace(own.record, owner=victim.index)
                yield Update(attacker, through, CHANGED) if writes else Get(attacker, through)
                yield Get(victim, there, sought)
            yield Get(attacker, planted.record)
