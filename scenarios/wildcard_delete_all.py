"""Somebody signs up as `*`, and leaves."""

from memfence import Add, DeleteAll, GetAll, Plan, Population, Search, scenario
from memfence.plans.hostile_ids import patterns
from memfence.plans.stories import destroy_unseen


def still_forbidden(population: Population) -> Plan:
    """Who is allowed to see all under a pattern, and is not shown the records there, destroys none."""
    return destroy_unseen(population, lambda victim: patterns(victim.id))


@scenario(
    needs=(Add, DeleteAll, (GetAll, Search)),
    control="reroute",
    destructive=True,
    may_refuse=True,
    policy="wildcard-ids",
    when_allowed=still_forbidden,
)
def wildcard_delete_all(population: Population) -> Plan:
    """A tenant whose id is a pattern deletes no more than its own records.

    With `--wildcard-ids allow` such a tenant may see all, and delete what it sees. Then one thing is asked: what its
    view does not show it must not destroy.
    """
    for victim in population:
        fact = victim.facts[0]
        for attacker in population.attackers(victim):
            for pattern in patterns(victim.id):
                yield Add(victim, fact)
                yield GetAll(victim, fact)
                yield DeleteAll(attacker.posing_as(pattern, "id: pattern"), owner=victim.index)
                yield GetAll(victim, fact)
