"""Stories that several scenarios tell, each with ids of its own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from ..model.operations import Add, DeleteAll, GetAll, RecordRef, Search, Together
from ..model.tenants import Fact, Tenant
from .by_record_id import Planting, holds, left, plant, try_by_id
from .id_classes import Disguise
from .population import Population
from .scenario import Plan

_T = TypeVar("_T")
_AT_ONCE = 8
_ROUNDS = 12
# The number of a fact that its story does not store.
_NEVER_STORED = 20
# And of one whose key nobody sends but its owner.
_UNSENT = 21


def read_under(
    population: Population,
    ids: Callable[[Tenant], Iterable[object]],
    *,
    client: Callable[[Tenant], Tenant] = lambda tenant: tenant,
) -> Plan:
    """One tenant signs up under each of these ids, made from each victim's, looks for the victim's fact, and leaves.

    It is one tenant for all of them: two who sign up under one name would rightly share a memory. It attacks everybody
    else, or as many as it was said that each tenant attacks. A `Disguise` is an id with its class of attack. `client`
    says through which client of the target. What the stranger may not see it also tries by its record id: to read, to
    change and to delete it.
    """
    attacker = _last(population)
    for victim in _victims(population):
        fact = victim.facts[0]
        planted = yield from plant(victim, fact)
        yield from _beside(population, victim)
        for hostile_id in ids(victim):
            stranger = _posing(attacker, hostile_id)
            if isinstance(stranger.id, str) and population.owner_of_label(stranger.id) is not None:
                # No disguise: a tenant of this very id is that tenant, and may read its own.
                continue
            planted = yield from _sign_up_look_and_leave(client(stranger), victim, planted)


def read_beside(population: Population, pairs: Callable[[Tenant], Iterable[tuple[object, object]]]) -> Plan:
    """Each victim signs up under the first id of each pair; one tenant under the second does as in `read_under`."""
    attacker = _last(population)
    for victim in _victims(population):
        for own_id, hostile_id in pairs(victim):
            signed_up = victim.posing_as(own_id)
            planted = yield from plant(signed_up, victim.facts[0])
            yield from _beside(population, signed_up)
            yield from _sign_up_look_and_leave(_posing(attacker, hostile_id), signed_up, planted)


def shared_out(population: Population, members: Callable[[Tenant], Sequence[_T]]) -> Callable[[Tenant], Sequence[_T]]:
    """Return what gives each victim of `read_under` and `read_beside` a part of its members: each is tried once."""
    victims = max(1, sum(1 for _ in _victims(population)))

    def part(victim: Tenant) -> Sequence[_T]:
        return members(victim)[victim.index - population.first :: victims]

    return part


def destroy_unseen(population: Population, ids: Callable[[Tenant], Iterable[object]]) -> Plan:
    """Under an id that may be another's, nobody destroys what this id's own view does not show.

    For where such ids are declared to be the victim's: who sees its records under one may delete them, too, for that is
    the same user. Who is not shown them is somebody else. Only one tenant stores anything, so that whoever may see all
    sees nobody's but its own.
    """
    victim, attacker = population.tenant(population.first), _last(population)
    fact, unsaid = victim.facts[0], population.fact(victim.index, _NEVER_STORED)
    for other_id in ids(victim):
        yield Add(victim, fact)
        yield GetAll(victim, fact)
        same = victim.posing_as(other_id)
        # What it looks for is nothing stored: not to see it is no loss.
        found = yield Search(same, fact.bare, unsaid)
        listed = yield GetAll(same, unsaid)
        if not (holds(found, fact) or holds(listed, fact)):
            yield DeleteAll(attacker.posing_as(other_id), owner=victim.index)
            yield GetAll(victim, fact)


def interleave(
    population: Population, *, client: Callable[[Tenant], Tenant] = lambda tenant: tenant, whole: Sequence[str] = ()
) -> Plan:
    """Up to 8 tenants at once add, search and list, for some rounds; `client` says through which client of the target.

    `whole` are further ways in which each is shown all of its own.

    What a tenant has added in one round it must find in the next, and only that.
    """
    tenants = [client(population.tenant(population.first + n)) for n in range(min(_AT_ONCE, population.size))]
    facts = {tenant.index: list(population.facts_of(tenant.index, range(_ROUNDS))) for tenant in tenants}
    neighbours = dict(zip([tenant.index for tenant in tenants], [*tenants[1:], tenants[0]], strict=True))
    for turn in range(_ROUNDS):
        yield Together(tuple(Add(tenant, facts[tenant.index][turn]) for tenant in tenants))
        yield Together(tuple(GetAll(tenant, facts[tenant.index][turn]) for tenant in tenants))
        sought: list[tuple[Tenant, Fact]] = [
            (tenant, facts[neighbours[tenant.index].index][turn]) for tenant in tenants
        ]
        yield Together(
            tuple(
                # In turns: whoever begins last may always be answered rightly.
                Search(tenant, fact.bare, fact) if (position + turn) % 2 else GetAll(tenant, fact)
                for position, (tenant, fact) in enumerate(sought)
            )
        )
        for how in whole:
            # What is made for the way, such as a file, may be another's by the time that it is sent.
            yield Together(tuple(GetAll(tenant, facts[tenant.index][turn], how=how) for tenant in tenants))


def _beside(population: Population, victim: Tenant) -> Plan:
    """Let the victim store one more where callers choose keys.

    A stranger asks for the first by its key, and may use that key itself: to be shown it in a listing proves nothing.
    """
    if population.keys:
        yield Add(victim, population.fact(victim.index, _UNSENT))


def _posing(attacker: Tenant, hostile: object) -> Tenant:
    disguise = hostile if isinstance(hostile, Disguise) else Disguise(hostile, "")
    return attacker.posing_as(disguise.id, disguise.kind)


def _last(population: Population) -> Tenant:
    return population.tenant(population.first + population.size - 1)


def _victims(population: Population) -> Iterator[Tenant]:
    others = population.size - 1
    return islice(population, others if population.probes is None else min(population.probes, others))


def _sign_up_look_and_leave(stranger: Tenant, victim: Tenant, planted: RecordRef | None) -> Planting:
    """Let the stranger look, and try what it can do by the victim's record id; return the record that is left."""
    fact = victim.facts[0]
    own = stranger.facts[0]
    yield Add(stranger, own)
    # What it stores itself it must find, and nothing of it once it has left: word for word, for a cache may serve it.
    yield GetAll(stranger, own)
    yield Search(stranger, own.bare, own)
    yield Search(stranger, fact.bare, fact)
    yield GetAll(stranger, fact)
    if planted is not None:
        planted = yield from try_by_id(stranger, victim, planted)
    yield DeleteAll(stranger, owner=victim.index)
    yield GetAll(stranger.after_erasure(), own)
    yield Search(stranger.after_erasure(), own.bare, own)
    return (yield from left(victim, fact, planted))
