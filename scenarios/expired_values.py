"""What was put for a time runs out."""

from memfence import Ability, Add, Expire, Get, GetAll, Plan, Population, ReadStorage, Search, scenario
from memfence.model.keys import key_of

SECONDS = 60.0


@scenario(needs=(Ability.KEYS, Ability.TTL, Ability.EXPIRE, Add, Get), control="reroute", may_refuse=True)
def expired_values(population: Population) -> Plan:
    """What has expired is neither read nor listed, by nobody, and lies in no file; another's time is not one's own."""
    for owner, other in population.pairs():
        shared = key_of(population.keys, f"answer-{owner.index}-{other.index}")
        brief = yield Add(owner, owner.facts[0], under=shared, ttl=SECONDS)
        # Under the same key another keeps its value for good.
        lasting = yield Add(other, other.facts[0], under=shared)
        # A key of its own tells whose it is where a listing shows it.
        fact = owner.facts[1 % len(owner.facts)]
        own = yield Add(owner, fact, ttl=SECONDS)
        yield Get(owner, brief.record, owner.facts[0])
        yield Get(owner, own.record, fact)
        yield Get(other, brief.record)
        yield Expire(owner)
        late = owner.after_erasure()
        yield Get(late, brief.record)
        yield Get(late, own.record)
        yield GetAll(late, owner.facts[0])
        yield Search(late, owner.facts[0].bare, owner.facts[0])
        yield Get(other, lasting.record, other.facts[0])
        yield ReadStorage(late, owner.facts[0])
