"""A user's id and a key, joined to one text, are those of another user."""

from itertools import cycle

from memfence import Ability, Add, Delete, DeleteAll, Get, GetAll, Plan, Population, scenario
from memfence.model.keys import key_of
from memfence.plans.hostile_keys import JOINTS


@scenario(needs=(Ability.KEYS, Add, Get), control="reroute", destructive=True, may_refuse=True)
def joined_keys(population: Population) -> Plan:
    """No two pairs of a user and a key come out as one, whatever a store may put between them."""
    for joint, (victim, attacker) in zip(JOINTS, cycle(population.pairs()), strict=False):
        key = key_of(population.keys, f"profile-{victim.index}")
        longer = attacker.posing_as(f"{victim.id}{joint}x", "key: joint")
        # Its key is odd, and many a resource may refuse it.
        trying = victim.trying("key: joint")
        planted = yield Add(trying, victim.facts[0], under=f"x{joint}{key}")
        yield Get(trying, planted.record, victim.facts[0])
        own = yield Add(longer, attacker.facts[0], under=key)
        yield Get(trying, planted.record, victim.facts[0])
        yield Get(longer, own.record)
        yield GetAll(longer, victim.facts[0])
        yield GetAll(victim, attacker.facts[0])
        yield Delete(longer, own.record)
        yield Get(trying, planted.record, victim.facts[0])
        yield DeleteAll(victim, attacker.index)
        yield DeleteAll(longer, victim.index)
