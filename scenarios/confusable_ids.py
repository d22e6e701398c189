"""Somebody signs up with a name that looks like another's."""

from memfence import Add, GetAll, Plan, Population, Search, Tenant, read_beside, read_under, scenario


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def confusable_ids(population: Population) -> Plan:
    """A tenant whose id looks like another's, or folds to it, is another tenant."""
    yield from read_under(population, look_alikes)
    yield from read_beside(population, twins)


def look_alikes(victim: Tenant) -> tuple[str, ...]:
    """Return ids that differ from the victim's in case, script, width, accents, or by what cannot be seen."""
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
    )


def twins(victim: Tenant) -> list[tuple[object, object]]:
    """Return pairs of ids that fold to one: composed and decomposed, sharp s, and long common prefixes."""
    name = victim.id
    prefixes = [(f"{name}-" * 50)[:length] for length in (32, 64, 128, 255, 256, 512)]
    return [
        (f"{name}-\u00e9", f"{name}-e\u0301"),  # NFC and NFD
        (f"{name}-stra\u00dfe", f"{name}-strasse"),
        *[(f"{prefix}a", f"{prefix}b") for prefix in prefixes],
    ]
