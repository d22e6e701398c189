"""A symbolic link in one's own folder leads into another's."""

from dataclasses import replace

from memfence import Ability, Add, Get, GetAll, Plan, PlantLink, Population, Returned, Update, scenario
from memfence.plans.by_record_id import CHANGED


@scenario(needs=(Ability.PATHS, Ability.STORAGE, Add, Get), control="reroute", destructive=True, may_refuse=True)
def linked_keys(population: Population) -> Plan:
    """A link that somebody has unpacked into its own folder shows and changes nothing of another tenant's."""
    for victim, attacker in population.pairs():
        fact = population.fact(victim.index, attacker.index - population.first)
        planted = yield Add(victim, fact)
        yield Get(victim, planted.record, fact)
        own = yield Add(attacker, population.fact(attacker.index, victim.index - population.first + population.size))
        linked = yield PlantLink(attacker, own.record, planted.record)
        if not isinstance(linked.observation, Returned):
            continue
        through = replace(own.record, owner=victim.index)
        yield Get(attacker, through)
        yield GetAll(attacker, fact)
        yield Update(attacker, through, CHANGED)
        yield Get(victim, planted.record, fact)
