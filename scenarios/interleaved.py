"""Many requests at once, each in a thread."""

from memfence import Add, GetAll, Plan, Population, Search, interleave, scenario
from memfence.model.weaknesses import WRONG_SESSION
from memfence.plans.strangers import WHOLE


@scenario(needs=(Add, (GetAll, Search)), control="reroute", cwe=WRONG_SESSION)
def interleaved(population: Population) -> Plan:
    """Tenants who ask at the same moment, in threads over one client, get their own answers."""
    return interleave(population, whole=WHOLE)
