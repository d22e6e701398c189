"""Somebody changes and removes what another has stored, and says the other's user id beside its own credential."""

from functools import partial
from itertools import count, cycle

from memfence import Ability, Add, Delete, DeleteAll, Get, GetAll, Plan, Population, RecordRef, Search, Update, scenario
from memfence.model.tenants import Tenant
from memfence.plans.by_record_id import CHANGED
from memfence.plans.claims import READING, WRITING
from memfence.plans.reaching import look_twice


@scenario(
    needs=(Ability.SIGN_IN, Ability.CLAIM, Add, (Update, Delete, DeleteAll), (GetAll, Search)),
    control="reroute",
    destructive=True,
    may_refuse=True,
)
def claimed_records(population: Population) -> Plan:
    """A user id in the path, the query, a header or the body lets nobody change or remove that user's records."""
    victims, numbers = cycle(population), count()
    for claim in (*READING, *WRITING):
        victim = next(victims)
        claiming = next(population.attackers(victim)).bearing(of=victim, claim=claim)
        for attempt in (Get, _change, Delete, partial(_remove_all, victim)):
            # Each has a record of its own: what one has changed or removed, the next cannot.
            fact = population.fact(victim.index, next(numbers))
            planted = yield Add(victim, fact)
            yield GetAll(victim, fact)
            yield attempt(claiming, planted.record)
            yield from look_twice(victim, planted, fact)
        if claim in WRITING:
            yield from _give(population, victim, claiming, next(numbers))


def _give(population: Population, victim: Tenant, claiming: Tenant, number: int) -> Plan:
    """Let somebody change a record of its own, and name the victim as its owner."""
    giver, fact = population.tenant(claiming.index), population.fact(victim.index, number)
    own = yield Add(giver, population.fact(giver.index, number))
    yield Add(victim, fact)
    yield Update(claiming, own.record, population.fact(giver.index, number + 1).text, into=victim.index)
    yield GetAll(victim, fact)


def _change(claiming: Tenant, record: RecordRef) -> Update:
    return Update(claiming, record, CHANGED)


def _remove_all(victim: Tenant, claiming: Tenant, record: RecordRef) -> DeleteAll:
    del record
    return DeleteAll(claiming, owner=victim.index)
