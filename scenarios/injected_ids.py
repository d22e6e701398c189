"""Somebody signs up with a piece of a query."""

from memfence import Add, GetAll, Plan, Population, Search, Tenant, read_under, scenario


@scenario(needs=(Add, (Search, GetAll)), control="reroute", destructive=True, may_refuse=True)
def injected_ids(population: Population) -> Plan:
    """A tenant whose id is an expression in a store's language reads no more than its own records."""
    return read_under(population, expressions)


def expressions(victim: Tenant) -> tuple[str, ...]:
    """Return ids that end a string and go on in SQL, Milvus, OData, RediSearch, JSON, or a joined key."""
    name = victim.id
    return (
        "'OR'1'='1",
        f"x'UNION/**/SELECT'{name}'--",
        'x"or(user_id!="x")or"x"=="x',
        f'x"in["{name}',
        f"x'or(user_id)eq'{name}",
        f"x}}|@user_id:{{{name}}}",
        '{"$ne":"x"}',
        f"x&user_id={name}",
        f"x|{name}",
        f"x,{name}",
        f"{name}\\",
        f"{name}\x00",
    )
