"""All that somebody else can try on a tenant's record, who looks for what is its own, too."""

from collections.abc import Generator
from typing import TypeAlias

from ..model.observations import Returned, Step
from ..model.operations import (
    Add,
    Delete,
    DeleteAll,
    Get,
    GetAll,
    History,
    Operation,
    RecordRef,
    Search,
    Together,
    Update,
)
from ..model.tenants import Fact, Tenant
from .scenario import Plan
from .stories import holds

CHANGED = "This was changed by somebody else."

# A part of a plan, which ends with a record, or with None where nothing was stored.
_Planting: TypeAlias = Generator[Operation | Together, Step, RecordRef | None]


def everything(outsider: Tenant, owner: Tenant, own: Fact) -> Plan:
    """Let the owner store its first fact; the outsider stores its own, and tries each operation on the other's.

    After each that may destroy, the owner looks, and stores the fact again, for the next to find. What the outsider has
    stored and erased is judged as anybody's. Nothing is tried where the owner may store nothing, or a guest may not.
    """
    fact = owner.facts[0]
    planted = yield from plant(owner, fact)
    if planted is None:
        return
    stored = yield Add(outsider, own)
    if outsider.guest and not _is_done(stored):
        return
    yield GetAll(outsider, own)
    yield Search(outsider, own.bare, own)
    yield Search(outsider, fact.bare, fact)
    yield GetAll(outsider, fact)
    yield from _by_id(outsider, owner, planted)
    yield GetAll(outsider, own)
    yield DeleteAll(outsider, owner=owner.index)
    yield GetAll(owner, fact)
    # Word for word as before: a cache may serve it still.
    gone = outsider.after_erasure()
    yield GetAll(gone, own)
    yield Search(gone, own.bare, own)


def _by_id(outsider: Tenant, owner: Tenant, planted: RecordRef) -> Plan:
    fact = owner.facts[0]
    yield Get(outsider, planted)
    yield History(outsider, planted)
    yield Update(outsider, planted, CHANGED)
    left = yield from _left(owner, fact, planted)
    yield Delete(outsider, left)
    yield from _left(owner, fact, left)


def _left(owner: Tenant, fact: Fact, planted: RecordRef) -> Generator[Operation | Together, Step, RecordRef]:
    """Let the owner look, and where its fact is gone store it again, for the next to find."""
    seen = yield GetAll(owner, fact)
    again = None if holds(seen, fact) else (yield from plant(owner, fact))
    return again or planted


def plant(owner: Tenant, fact: Fact) -> _Planting:
    """Let the owner store a fact and look for it, for only what its owner has seen can be missed; return the record."""
    stored = yield Add(owner, fact)
    if not _is_done(stored):
        return None
    yield GetAll(owner, fact)
    return stored.record


def _is_done(step: Step) -> bool:
    """Tell whether it was performed, and not refused: what the target has no method for has no index."""
    return bool(step.index) and isinstance(step.observation, Returned)
