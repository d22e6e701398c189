"""Somebody signs up with an id that is an attack, through the client that nobody tried it on."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, read_under, scenario
from memfence.plans.clients import asynchronously
from memfence.plans.hostile_ids import expressions, no_ids


@scenario(needs=(Add, (Search, GetAll), Ability.BOTH_CLIENTS), control="reroute", destructive=True, may_refuse=True)
def hostile_ids_by_async_client(population: Population) -> Plan:
    """Through the asynchronous client, too, an id that is empty, a list or an expression reads nobody's records."""
    two = population.block(first=population.first, size=2)
    return read_under(two, lambda victim: (*no_ids(victim.id), *expressions(victim.id)), client=asynchronously)
