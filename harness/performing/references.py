"""Which id stands for which Add: operations name records symbolically, a store names them itself."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import blake2b
from posixpath import normpath
from urllib.parse import unquote

from ..model.keys import key_of
from ..model.observations import Returned
from ..model.operations import Add, Chat, RecordRef
from ..model.tenants import Fact, Tenant
from ..plans.unknown_ids import unknown_id
from .contract import FAILURES
from .sweeping import Attempt, shows
from .typed_ids import alike
from .ways import Ways

# Lists a tenant's records as they are; it may raise whatever the target raises.
Listing = Callable[[Tenant], Returned]


class References:
    """Notes each Add and the id of the record that it stored; where no reply told it, it is found in a listing."""

    def __init__(self, listing: Listing, keys: str = "", ways: Ways | None = None) -> None:
        """Take what lists a tenant's records, and how keys are spelt, where callers choose these.

        `ways` measures the way to another's file, where keys are paths.
        """
        self._listing = listing
        self._keys = keys
        self._ways = ways
        self._attempts: dict[int, Attempt] = {}
        self._by_tenant: dict[int, list[Attempt]] = {}
        # Of which no id is known yet.
        self._untold: dict[int, Attempt] = {}

    def begin(self, operation: Add | Chat, index: int) -> Attempt:
        """Note an Add before it is called: one that raises may have stored its fact all the same."""
        attempt = Attempt(operation.principal, operation.fact, operation.key if isinstance(operation, Add) else "")
        self._attempts[index] = self._untold[index] = attempt
        self._by_tenant.setdefault(operation.principal.index, []).append(attempt)
        return attempt

    def of(self, tenant: Tenant) -> Iterable[Attempt]:
        """Return what a tenant has tried to store, under whatever id."""
        return self._by_tenant.get(tenant.index, [])

    def by_principal(self, tenant: Tenant) -> Iterable[tuple[Tenant, list[Attempt]]]:
        """Return the same by the ids that it acted under; its own is among them, whether or not it stored anything."""
        groups: dict[str, tuple[Tenant, list[Attempt]]] = {_principal(tenant): (tenant, [])}
        for attempt in self.of(tenant):
            groups.setdefault(_principal(attempt.tenant), (attempt.tenant, []))[1].append(attempt)
        return groups.values()

    def id(self, record: RecordRef, by: Tenant) -> str:
        """Return the id behind a reference, as `by` spells it; one whose Add stored nothing is unknown."""
        attempt = self._attempts.get(record.step)
        if record.key:
            owner = "nobody" if attempt is None else str(attempt.tenant.id)
            return record.written(record.key, owner, self._way(record, attempt, by))
        own = self._own(by) if record.names_own else ""
        if attempt is None or not attempt.returned:
            self._learn_a_shape()
            return record.written(self._unknown(f"{record.owner}/{record.step}"), "nobody", own=own)
        return record.written(attempt.reference or self._find(attempt), str(attempt.tenant.id), own=own)

    def _own(self, by: Tenant) -> str:
        """Return the id of the record that a tenant has stored last."""
        for attempt in reversed(self._by_tenant.get(by.index, ())):
            if attempt.returned:
                return attempt.reference or self._find(attempt)
        return self._unknown(f"own of {by.index}")

    def strays(self, record: RecordRef, by: Tenant) -> bool:
        """Tell whether a key, as `by` spells it, may lead out of the target's own folders: nothing is written there."""
        if not record.key or not record.spelt or self._way(record, self._attempts.get(record.step), by) is not None:
            return False
        written = unquote(unquote(self.id(record, by))).replace("\\", "/")
        climbs = normpath(written).split("/").count("..")
        return climbs > 1 or written.startswith("/") or ":/" in written

    def _way(self, record: RecordRef, attempt: Attempt | None, by: Tenant) -> tuple[str, str] | None:
        """Return the paths to another's file, where it is spelt by these and they can be seen."""
        if self._ways is None or attempt is None or not record.is_measured:
            return None
        with suppress(*FAILURES):
            return self._ways.between(self._by_tenant.get(by.index, []), attempt)
        return None

    def facts(self, owner: int) -> dict[str, Fact]:
        """Return what a tenant has tried to store, by its code."""
        return {attempt.fact.canary: attempt.fact for attempt in self._by_tenant.get(owner, ())}

    def unnamed(self, record: RecordRef) -> bool:
        """Tell whether the id behind a reference is made up, though its Add stored something."""
        attempt = self._attempts.get(record.step)
        return attempt is not None and attempt.unnamed

    def resolve(self, of: Tenant | None = None) -> None:
        """Find the ids that no reply told, of all or `of` a tenant, while their records are still there to be found.

        Nobody else's listing is asked for: a look may write what waits to be written, and so hide that it can be lost.
        """
        for index, attempt in list(self._untold.items()):
            if of is not None and attempt.tenant.index != of.index:
                continue
            if attempt.returned and attempt.reference is None:
                with suppress(*FAILURES):
                    self._find(attempt)
            if attempt.reference is not None:
                self._untold.pop(index, None)

    def _learn_a_shape(self) -> None:
        """See to it that one id is known, if one can be: an unknown one of another shape is answered differently."""
        if self._keys or any(attempt.reference for attempt in self._attempts.values()):
            return
        attempt = next((one for one in reversed(self._untold.values()) if one.returned), None)
        if attempt is not None:
            with suppress(*FAILURES):
                attempt.reference = self._listed(attempt)

    def _listed(self, attempt: Attempt) -> str | None:
        listed = self._listing(attempt.tenant).records
        return next((record.id for record in listed if record.id and shows(record, attempt.fact)), None)

    def _find(self, attempt: Attempt) -> str:
        found = self._listed(attempt)
        attempt.unnamed = found is None
        attempt.reference = found or self._unknown(attempt.fact.canary)
        return attempt.reference

    def _unknown(self, of: str) -> str:
        if self._keys:
            return key_of(self._keys, blake2b(of.encode(), digest_size=6).hexdigest())
        known = next((attempt.reference for attempt in self._attempts.values() if attempt.reference), None)
        return alike(unknown_id(of, like=known), known)


def _principal(tenant: Tenant) -> str:
    # An id that is an attack may be a list.
    return repr((tenant.id, tenant.within))
