"""What somebody else tries on a record whose id it has learned: to read, to change and to delete it."""

from collections.abc import Generator
from typing import TypeAlias

from ..model.observations import Returned, Step
from ..model.operations import Add, Delete, Get, GetAll, History, Operation, RecordRef, Together, Update
from ..model.tenants import Fact, Tenant

CHANGED = "This was changed by somebody else."

# A part of a plan, which ends with a record, or with None where nothing was stored.
Planting: TypeAlias = Generator[Operation | Together, Step, RecordRef | None]


def try_by_id(outsider: Tenant, owner: Tenant, planted: RecordRef) -> Planting:
    """Let the outsider read, change and delete the owner's record of its first fact; return the record that is left.

    After each that may destroy, the owner looks, and stores the fact again where it is gone. What the target has no
    method for is followed by no look.
    """
    fact = owner.facts[0]
    yield Get(outsider, planted)
    yield History(outsider, planted)
    changed = yield Update(outsider, planted, CHANGED)
    if changed.index:
        planted = (yield from left(owner, fact, planted)) or planted
    deleted = yield Delete(outsider, planted)
    return (yield from left(owner, fact, planted)) if deleted.index else planted


def plant(owner: Tenant, fact: Fact) -> Planting:
    """Let the owner store a fact and look for it, for only what its owner has seen can be missed; return the record."""
    stored = yield Add(owner, fact)
    if not is_done(stored):
        return None
    yield GetAll(owner, fact)
    return stored.record


def is_done(step: Step) -> bool:
    """Tell whether it was performed, and not refused: what the target has no method for has no index."""
    return bool(step.index) and isinstance(step.observation, Returned)


def holds(step: Step, fact: Fact) -> bool:
    """Tell whether the records that came back hold the fact."""
    seen = step.observation
    return isinstance(seen, Returned) and any(fact.stands_in(record.text) for record in seen.records)


def left(owner: Tenant, fact: Fact, planted: RecordRef | None) -> Planting:
    """Let the owner look for its fact, and store it again where it is gone, for the next to find.

    Returns the record. There is no second one while the first is there: that would hide that one was deleted.
    """
    seen = yield GetAll(owner, fact)
    return planted if planted is not None and holds(seen, fact) else (yield from plant(owner, fact))
