"""Somebody signs up with a blank behind another's name."""

from memfence import Add, GetAll, Plan, Population, Search, read_under, scenario

BLANKS = (" ", "\t", "\n", "\u00a0", "\u2003")


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def aliased_ids(population: Population) -> Plan:
    """A tenant whose id differs from another's by a blank is another tenant."""
    return read_under(
        population, lambda victim: [alias for blank in BLANKS for alias in (victim.id + blank, blank + victim.id)]
    )
