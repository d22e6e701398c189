"""What a store keeps for the same time each, runs out; nobody says a time when something is put."""

from memfence import Ability, Add, Expire, Get, GetAll, Plan, Population, ReadStorage, Search, scenario
from memfence.model.observations import Crashed
from memfence.plans.by_record_id import holds


@scenario(needs=(Ability.KEYS, Ability.EXPIRE, Add, Get, GetAll), control="reroute", may_refuse=True)
def store_wide_time(population: Population) -> Plan:
    """Where all values run out, one that was read before is neither read nor listed by anybody, and lies nowhere."""
    for owner, other in population.pairs():
        old, new = owner.facts[0], population.fact(owner.index, population.size + other.index - population.first)
        first = yield Add(owner, old)
        yield Get(owner, first.record, old)
        yield Get(other, first.record)
        # Nobody reads the later one: a level in between that keeps what is read has not got it.
        later = yield Add(owner, new)
        listed = yield GetAll(owner, new)
        yield Expire(owner)
        late = owner.after_erasure()
        gone = yield Get(late, later.record)
        if not holds(listed, new) or holds(gone, new) or isinstance(gone.observation, Crashed):
            # It was never there, or it is there still: such values do not run out.
            continue
        # What was put before it, in the same way, has run out, too.
        yield Expire(owner, everything=True)
        yield Get(late, first.record)
        yield GetAll(late, old)
        yield Search(late, old.bare, old)
        yield Get(other, first.record)
        yield ReadStorage(late, old)
