"""Somebody signs up with a blank behind another's name, or with another's number in other letters."""

from memfence import Add, GetAll, Plan, Population, Search, Tenant, read_beside, read_under, scenario
from memfence.plans.clients import asynchronously
from memfence.plans.hostile_ids import TRUTHS, padded, respelled
from memfence.plans.id_classes import Disguise, beside, under
from memfence.plans.stories import destroy_unseen, shared_out


def still_forbidden(population: Population) -> Plan:
    """Who is allowed to be another under an alias, and is not shown the other's records there, destroys none."""
    return destroy_unseen(population, lambda victim: padded(victim.id))


@scenario(
    needs=(Add, (Search, GetAll)),
    control="reroute",
    destructive=True,
    may_refuse=True,
    policy="aliases",
    when_allowed=still_forbidden,
)
def aliased_ids(population: Population) -> Plan:
    """A tenant whose id differs from another's by a blank or by its type is another tenant.

    With `--aliases allow` the two are one user, who may read and delete what is its own. Then one thing is asked: an
    alias that is not shown the records must not destroy them.
    """
    yield from read_under(population, shared_out(population, lambda victim: [*under(victim.id, "id: blanks")]))
    two = population.block(first=population.first, size=2)
    yield from read_under(two, lambda victim: under(victim.id, "id: blanks"), client=asynchronously)
    yield from read_beside(population, lambda victim: spelled(victim, first=victim.index == population.first))


def spelled(victim: Tenant, *, first: bool) -> list[tuple[object, Disguise]]:
    """Return pairs of numbers, and for the `first` victim what is needed once: a number that is True, and addresses."""
    # To a dict, and to a cache that is one, True and 1 are one key.
    alike: list[tuple[object, object]] = [*TRUTHS, *([(1, True)] if victim.keys else [])]
    truths = [(own, Disguise(other, "id: number")) for own, other in alike]
    once = [*truths, *beside(victim.id, "id: address")]
    numbers = [(own, Disguise(other, "id: number")) for own, other in respelled(victim.index)]
    return [*numbers, *(once if first else [])]
