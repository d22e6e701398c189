"""Somebody signs up with a blank behind another's name, or with another's number in other letters."""

from memfence import Add, GetAll, Plan, Population, Search, Tenant, read_beside, read_under, scenario

BLANKS = (" ", "\t", "\n", "\u00a0", "\u2003")


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True, policy="aliases")
def aliased_ids(population: Population) -> Plan:
    """A tenant whose id differs from another's by a blank or by its type is another tenant."""
    yield from read_under(
        population, lambda victim: [alias for blank in BLANKS for alias in (victim.id + blank, blank + victim.id)]
    )
    yield from read_beside(population, lambda victim: aliases(victim, first=victim.index == population.first))


def aliases(victim: Tenant, *, first: bool) -> list[tuple[object, object]]:
    """Return pairs of an id and another spelling of it: 7, "7", " 7 ", "007"; True is nobody's number."""
    number = victim.index
    pairs: list[tuple[object, object]] = [(str(number), alias) for alias in (number, f" {number} ", f"00{number}")]
    return [*pairs, ("True", True)] if first else pairs
