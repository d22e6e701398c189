"""The asynchronous client, as a way that an attack may take."""

from collections.abc import Container
from dataclasses import replace

from ..model.operations import Operation
from ..model.tenants import Tenant

ASYNCHRONOUS = "client: asynchronous"
CLASSES = {ASYNCHRONOUS: "what the plain client keeps apart, tried through the asynchronous one"}

# Of so many calls in a row a number says through which client each goes: its bits.
_ROUND = 12
WAYS = 1 << _ROUND


def asynchronously(tenant: Tenant) -> Tenant:
    """Return this tenant as the asynchronous client's; what else it tries stays its class of attack."""
    return tenant.through_async().trying(tenant.kind or ASYNCHRONOUS)


def by_either(operation: Operation, way: int, place: int, available: Container[str]) -> Operation:
    """Return the operation through the client that a `way` below WAYS has for its place in a history.

    It stays the plain client's where the target offers it by no other.
    """
    if not way >> place % _ROUND & 1:
        return operation
    other = replace(operation, principal=asynchronously(operation.principal))
    return other if all(need in available for need in other.requires) else operation
