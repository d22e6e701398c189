"""Somebody looks at the clock."""

from itertools import cycle, islice

from memfence import Add, Fact, Get, Operation, Plan, Population, RecordRef, Search, Tenant, scenario
from memfence.model.canaries import FACTS
from memfence.model.timings import QUESTION, RECORD, ROUNDS

# A question is asked twice at most: by another, and by who looks at the clock.
_ABOUT = "Whose is the code {}?"
# The last of the facts that a tenant can have, none of which is stored here: not to see one is no loss.
_LAST = FACTS - 1


@scenario(needs=(Add, (Get, Search)), control="delay", may_refuse=True, only_with="timing")
def timing(population: Population) -> Plan:
    """The time of an answer does not tell whose record an id is, nor what others have asked.

    Another's record and one that nobody has, a question that another has asked and a new one: always one of each, in an
    order that has no period.
    """
    planted = {}
    for tenant in population:
        planted[tenant.index] = yield Add(tenant, tenant.facts[0])
    for tenant in population:
        # What is done at the first call is done.
        yield Get(tenant, planted[tenant.index].record)
        yield Search(tenant, tenant.facts[0].bare, tenant.facts[0])
    for number, (victim, attacker) in enumerate(islice(cycle(population.pairs()), ROUNDS)):
        first = number.bit_count() % 2 == 0
        yield from _in_order(
            first,
            Get(attacker.trying(RECORD), planted[victim.index].record),
            Get(attacker.trying(RECORD), RecordRef(0, attacker.index)),
        )
        asked, new = (population.fact(victim.index, _LAST - 2 * number - half) for half in (0, 1))
        yield _asking(victim, asked, asked)
        yield from _in_order(first, *(_asking(attacker, about, victim.facts[0]) for about in (asked, new)))


def _in_order(first: bool, theirs: Operation, nobodys: Operation) -> Plan:  # noqa: FBT001 - private, and it reads
    yield theirs if first else nobodys
    yield nobodys if first else theirs


def _asking(tenant: Tenant, about: Fact, seeks: Fact) -> Search:
    return Search(tenant.trying(QUESTION), _ABOUT.format(about.canary), seeks)
