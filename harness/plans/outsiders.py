"""All that somebody else can try on a tenant's record, who looks for what is its own, too."""

from ..model.operations import Add, DeleteAll, GetAll, Search
from ..model.tenants import Fact, Tenant
from .by_record_id import is_done, plant, try_by_id
from .scenario import Plan


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
    if outsider.guest and not is_done(stored):
        return
    yield GetAll(outsider, own)
    yield Search(outsider, own.bare, own)
    yield Search(outsider, fact.bare, fact)
    yield GetAll(outsider, fact)
    yield from try_by_id(outsider, owner, planted)
    yield GetAll(outsider, own)
    yield DeleteAll(outsider, owner=owner.index)
    yield GetAll(owner, fact)
    # Word for word as before: a cache may serve it still.
    gone = outsider.after_erasure()
    yield GetAll(gone, own)
    yield Search(gone, own.bare, own)
