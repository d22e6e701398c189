"""Somebody signs up with a name that looks like another's."""

from memfence import Add, GetAll, Plan, Population, Search, Tenant, read_under, scenario


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def confusable_ids(population: Population) -> Plan:
    """A tenant whose id looks like another's, or folds to it, is another tenant."""
    return read_under(population, look_alikes)


def look_alikes(victim: Tenant) -> tuple[str, ...]:
    """Return ids that differ in case, script, width, accents, or by what cannot be seen."""
    name = victim.id
    return (
        name.upper(),
        name.title(),
        name.replace("m", "\uff4d", 1),  # fullwidth
        name.replace("e", "\u0435").replace("a", "\u0430"),  # Cyrillic
        f"{name}\u200b",  # zero-width space
        f"{name}\u00ad",  # soft hyphen
        f"{name}\u0301",  # a combining accent
        f"{name}\u202e",  # right-to-left override
        name[:-1],
        f"{name}{'0' * 255}"[:255],
        f"{name}{'0' * 512}"[:512],
    )
