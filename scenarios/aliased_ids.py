"""Somebody signs up with a blank behind another's name, or with another's number in other letters."""

from memfence import Add, GetAll, Plan, Population, Search, read_beside, read_under, scenario
from memfence.plans.hostile_ids import TRUTHS, padded, respelled
from memfence.plans.stories import destroy_unseen


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
    yield from read_under(population, lambda victim: padded(victim.id))
    # One number that is True is enough.
    yield from read_beside(
        population, lambda victim: respelled(victim.index) + (TRUTHS if victim.index == population.first else ())
    )
