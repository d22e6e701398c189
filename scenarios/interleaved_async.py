"""Many requests at once, each in a task."""

from memfence import Ability, Add, GetAll, Plan, Population, Search, Tenant, interleave, scenario
from memfence.model.weaknesses import WRONG_SESSION


@scenario(needs=(Add, (GetAll, Search), Ability.ASYNC), control="reroute", cwe=WRONG_SESSION)
def interleaved_async(population: Population) -> Plan:
    """Tenants who ask at the same moment, in tasks over one asynchronous client, get their own answers."""
    return interleave(population, client=Tenant.through_async)
