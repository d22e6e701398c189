"""A key is deleted, and used again by somebody else, or by the same user."""

from memfence import Ability, Add, Delete, Get, GetAll, Plan, Population, scenario
from memfence.model.keys import key_of


@scenario(needs=(Ability.KEYS, Add, Get, Delete), control="reroute", destructive=True, may_refuse=True)
def key_used_again(population: Population) -> Plan:
    """What was deleted under a key does not come back with the key, for nobody; and a miss hides no later value."""
    for former, later in population.pairs():
        shared = key_of(population.keys, f"draft-{former.index}-{later.index}")
        old = yield Add(former, former.facts[0], under=shared)
        # Who asks too early is told that there is nothing: that must not be remembered for others.
        yield Get(later, old.record)
        yield Get(former, old.record, former.facts[0])
        yield Delete(former, old.record)
        yield Get(former.after_erasure(), old.record)
        yield Get(later, old.record)
        new = yield Add(later, later.facts[0], under=shared)
        yield Get(later, new.record, later.facts[0])
        yield Get(former.after_erasure(), new.record)
        yield GetAll(former.after_erasure(), later.facts[0])
        yield Delete(later, new.record)
