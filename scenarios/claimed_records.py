"""Somebody changes and removes what another has stored, and says the other's user id beside its own credential."""

from itertools import cycle

from memfence import Ability, Add, Delete, DeleteAll, Get, GetAll, Plan, Population, Search, Update, scenario
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
    victims = cycle(population)
    for claim in (*READING, *WRITING):
        victim = next(victims)
        fact, claiming = victim.facts[0], next(population.attackers(victim)).bearing(of=victim, claim=claim)
        planted = yield Add(victim, fact)
        yield GetAll(victim, fact)
        yield Get(claiming, planted.record)
        for attempt in (
            Update(claiming, planted.record, CHANGED),
            Delete(claiming, planted.record),
            DeleteAll(claiming, owner=victim.index),
        ):
            yield attempt
            yield from look_twice(victim, planted, fact)
