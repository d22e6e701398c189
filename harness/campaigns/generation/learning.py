"""What is known of a target before histories are generated: by which keys its records tell whose they are."""

from contextlib import suppress

from ...base.errors import Spent
from ...model.operations import Add, GetAll, Operation, Search
from ...model.tenants import Tenant
from ...performing.driving import either
from ...performing.executor import Executor
from ...plans.scope_keys import ScopeKey, ScopeKeys


def scope_keys(
    executor: Executor, tenant: Tenant, available: frozenset[str], said: tuple[str, ...]
) -> tuple[ScopeKey, ...]:
    """Return those that the target names, and those that a user's own record shows: it stores one and looks for it."""
    keys, fact = ScopeKeys.said(said), tenant.facts[0]
    calls: tuple[Operation, ...] = (Add(tenant, fact), GetAll(tenant, fact), Search(tenant, fact.text, fact))
    with suppress(Spent):
        for number, operation in enumerate(calls, 1):
            fitting = either(operation, available)
            if fitting is not None:
                keys.learn(executor.perform(fitting, number))
    return keys.known
