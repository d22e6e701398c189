"""The checks were written for the synchronous service; the asynchronous one came later."""

from memfence import (
    Ability,
    Add,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    Plan,
    Population,
    Search,
    Tenant,
    Update,
    scenario,
)
from memfence.plans.by_record_id import CHANGED
from memfence.plans.clients import asynchronously
from memfence.plans.overrides import claims, widening

# The numbers of facts that an attacker stores, and of those that an owner writes.
CLAIMED, WRITTEN = 100, 120


@scenario(needs=(Add, (GetAll, Search), Ability.BOTH_CLIENTS), control="reroute", destructive=True, may_refuse=True)
def attacks_by_async_client(population: Population) -> Plan:
    """Through the asynchronous client, too, a tenant reads, changes and deletes its own records alone."""
    for victim in population:
        attacker = asynchronously(next(population.attackers(victim)))
        yield from reach_by_id(victim, attacker)
        if victim.index == population.first:
            yield from reach_by_arguments(population, victim, attacker)
        yield from write_by_both(population, victim)


def reach_by_id(victim: Tenant, attacker: Tenant) -> Plan:
    """Try each call with the id of a record that the victim has stored, and to delete all."""
    fact = victim.facts[0]
    planted = yield Add(victim, fact)
    yield GetAll(victim, fact)
    yield Add(attacker, attacker.facts[0])
    yield Search(attacker, fact.bare, fact)
    for attempt in (
        GetAll(attacker, fact),
        Get(attacker, planted.record),
        History(attacker, planted.record),
        Update(attacker, planted.record, CHANGED),
        Delete(attacker, planted.record),
        DeleteAll(attacker, owner=victim.index),
    ):
        yield attempt
        yield GetAll(victim, fact)


def reach_by_arguments(population: Population, victim: Tenant, attacker: Tenant) -> Plan:
    """Try filters that widen, and metadata that claim a record for the victim."""
    fact = victim.facts[0]
    for filters in widening(victim.id, attacker.id):
        yield Search(attacker, fact.bare, fact, filters)
        yield GetAll(attacker, fact, filters)
    for number, metadata in enumerate(claims(victim.id), CLAIMED):
        claimed = population.fact(attacker.index, number)
        yield Add(attacker, claimed, metadata=metadata, into=victim.index)
        yield GetAll(victim, fact)


def write_by_both(population: Population, tenant: Tenant) -> Plan:
    """Let one client change and delete what the other has stored: each shows at once what the other has done."""
    old, new = population.facts_of(tenant.index, (WRITTEN, WRITTEN + 1))
    for one, other in ((tenant, tenant.through_async()), (tenant.through_async(), tenant)):
        planted = yield Add(one, old)
        yield GetAll(other, old)
        yield Update(other, planted.record, new.text)
        yield GetAll(one, new)
        yield Delete(one, planted.record)
        for gone in (one.after_erasure(), other.after_erasure()):
            yield Search(gone, new.bare, new)
            yield GetAll(gone, new)
            yield Get(gone, planted.record)
