"""A record's metadata name somebody else as its owner."""

from collections.abc import Generator, Iterator

from memfence import (
    Ability,
    Add,
    Fact,
    GetAll,
    Operation,
    Plan,
    Population,
    Search,
    Step,
    Tenant,
    Together,
    Update,
    scenario,
)
from memfence.model.observations import Returned
from memfence.plans.overrides import Classed, claims, claims_by_class, one_by_one, widening_by_key
from memfence.plans.scope_keys import ScopeKeys


@scenario(needs=(Add, (GetAll, Search), Ability.METADATA), control="reroute", destructive=True, may_refuse=True)
def scope_override_by_metadata(population: Population) -> Plan:
    """What a tenant writes into a record's metadata moves the record into nobody else's memory.

    For the first victim every key is tried, for the others the commonest. By which keys a record tells whose it is, is
    learned from the owners' own looks.
    """
    keys = ScopeKeys.said(population.scope_keys)
    for victim in population:
        attacker = next(population.attackers(victim))
        facts = population.facts_of(attacker.index, range(100, 200))
        keys.learn((yield Add(victim, victim.facts[0])))
        keys.learn((yield GetAll(victim, victim.facts[0])))
        tried: tuple[Classed, ...]
        if victim.index == population.first:
            tried = claims_by_class(victim.id, attacker.id, keys.known)
        else:
            tried = (*widening_by_key(victim.id, keys.known), *[("", one) for one in claims(victim.id)])
        for kind, metadata in tried:
            refused = yield from claim(attacker.trying(kind), victim, metadata, facts)
            for each, single in one_by_one(kind, metadata) if refused else ():
                yield from claim(attacker.trying(each), victim, single, facts)


def claim(
    attacker: Tenant, victim: Tenant, metadata: dict[str, object], facts: Iterator[Fact]
) -> Generator[Operation | Together, Step, bool]:
    """Store with these metadata, and change a record of one's own; return whether neither was taken."""
    added = yield Add(attacker, next(facts), metadata=metadata, into=victim.index)
    yield GetAll(victim, victim.facts[0])
    own = next(facts)
    planted = yield Add(attacker, own)
    updated = yield Update(attacker, planted.record, own.text, metadata, into=victim.index)
    yield GetAll(victim, victim.facts[0])
    return not (isinstance(added.observation, Returned) and isinstance(updated.observation, Returned))
